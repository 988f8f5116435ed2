package calvin.experiment.spec;

import calvin.experiment.input.Place;
import calvin.experiment.input.Quantity;
import calvin.experiment.input.Text;
import calvin.experiment.input.YamlMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code workload}: which image runs where. */
final class WorkloadReader {
    private WorkloadReader() {}

    private enum Job {
        NONE, MPI
    }

    static List<WorkSpec> read(YamlMap root) {
        List<WorkSpec> all = new ArrayList<>();
        for (YamlMap map : root.maps("workload")) {
            all.add(readOne(map, all.size()));
        }
        if (all.isEmpty()) {
            root.problem(root.placeOf("workload"),
                    "`workload` is missing or empty: write for example `workload: [{program: hello}]`");
        }
        return List.copyOf(all);
    }

    private static WorkSpec readOne(YamlMap map, int index) {
        Text program = map.text("program");
        Text kernel = map.text("kernel");
        if ((program == null) == (kernel == null)) {
            map.problem(map.place(),
                    "an entry of `workload` has either `program` (for the LWK) or `kernel` (a kernel image)");
        }
        WorkSpec.Kind kind = kernel == null ? WorkSpec.Kind.PROGRAM : WorkSpec.Kind.KERNEL;
        Text image = kernel != null ? kernel : program != null ? program : new Text("", map.place());
        Text name = map.text("name");
        List<String> args = map.texts("args").stream().map(Text::value).toList();
        Map<String, String> env = new LinkedHashMap<>();
        YamlMap envMap = map.map("env");
        for (Text key : envMap.ownKeys()) {
            env.put(key.value(), envMap.string(key.value(), ""));
        }
        List<Text> nodes = nodes(map, "nodes");
        boolean mpi = map.choice("job", Job.NONE, Job.values(), SystemReader::word) == Job.MPI;
        WorkSpec.Virtualized virtualized = map.choice("virtualized", WorkSpec.Virtualized.NONE,
                WorkSpec.Virtualized.values(),
                SystemReader::word);
        long heap = map.quantity("heap", Quantity.SIZE, 0, 1 << 12);
        long stack = map.quantity("stack", Quantity.SIZE, 0, 1 << 12);
        String append = map.string("append", "");
        long guestMemory = map.quantity("guest_memory", Quantity.SIZE, 0, 1 << 20);
        checkTogether(map, kind, virtualized);
        map.done();
        return new WorkSpec(name != null ? name : new Text("work" + index, map.place()), kind, image, args, env, nodes,
                mpi, heap, stack,
                virtualized, append, guestMemory);
    }

    private static void checkTogether(YamlMap map, WorkSpec.Kind kind, WorkSpec.Virtualized virtualized) {
        if (kind == WorkSpec.Kind.KERNEL) {
            onlyForPrograms(map, "args", map.placeOf("args"));
            onlyForPrograms(map, "env", map.placeOf("env"));
            onlyForPrograms(map, "job", map.placeOf("job"));
            onlyForPrograms(map, "heap", map.placeOf("heap"));
            onlyForPrograms(map, "stack", map.placeOf("stack"));
        } else if (map.has("append")) {
            map.problem(map.placeOf("append"), "`append` is the command line of a `kernel`; a `program` takes `args`");
        }
        if (map.has("guest_memory") && virtualized == WorkSpec.Virtualized.NONE) {
            map.problem(map.placeOf("guest_memory"), "`guest_memory` needs `virtualized: nested`");
        }
    }

    private static void onlyForPrograms(YamlMap map, String key, Place place) {
        if (map.has(key)) {
            map.problem(place, "`" + key + "` is for a `program`; a `kernel` takes `append`");
        }
    }

    /** Names of nodes; {@code all} and an absent key give the empty list. */
    static List<Text> nodes(YamlMap map, String key) {
        List<Text> nodes = map.texts(key);
        boolean all = nodes.size() == 1 && nodes.get(0).value().equals("all") && !map.isList(key);
        return all ? List.of() : List.copyOf(nodes);
    }
}
