package calvin.experiment.spec;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.input.Problems;
import calvin.experiment.input.Quantity;
import calvin.experiment.input.Text;
import calvin.experiment.input.YamlFile;
import calvin.experiment.input.YamlMap;
import java.nio.file.Path;
import java.util.List;

/** Reads an experiment file. {@code docs/experiments.md} describes every key. */
public final class SpecReader {
    static final int SCHEMA_VERSION = 1;
    private static final long DEFAULT_UNTIL_PS = 10L * 1_000_000_000_000L;

    private SpecReader() {}

    /**
     * Reads a file whole. Mistakes go to {@code problems}; what comes back is complete, with defaults in the place of
     * wrong values, so that later checks can go on and find more.
     *
     * @throws InputException if the file cannot be read or is not YAML
     */
    public static ExperimentSpec read(Path path, Problems problems) {
        Path parent = path.toAbsolutePath().getParent();
        return read(YamlFile.read(path, problems), parent, problems);
    }

    /** The same for text that is already at hand. */
    public static ExperimentSpec parse(String name, String source, Path folder, Problems problems) {
        return read(YamlFile.parse(name, source, problems), folder, problems);
    }

    /** Checks names again after a change; what was found before is not repeated. */
    public static ExperimentSpec checked(ExperimentSpec spec, Problems problems) {
        NameCheck.check(spec, problems);
        return spec;
    }

    private static ExperimentSpec read(YamlMap root, Path folder, Problems problems) {
        checkVersion(root);
        Text name = root.required("name", "pingpong");
        if (!name.value().matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            problems.add(name.place(),
                    "`name` must be letters, digits, `.`, `_` and `-`: it names the folder of results");
        }
        long seed = root.integer("seed", 1, 0, Long.MAX_VALUE);
        long untilPs = root.quantity("until", Quantity.TIME, DEFAULT_UNTIL_PS, 1);
        List<NodeClassSpec> classes = SystemReader.read(root.map("system"), root.has("system"));
        TopologySpec topology = TopologyReader.read(root.map("topology"), root.has("topology"), classes);
        ExperimentSpec spec = new ExperimentSpec(folder, name, seed, untilPs, classes, topology,
                WorkloadReader.read(root), FaultsReader.read(root), ObserveReader.read(root.map("observe")),
                ExpectReader.read(root), ExecutionReader.read(root.map("execution")));
        root.done();
        return checked(spec, problems);
    }

    private static void checkVersion(YamlMap root) {
        Place place = root.placeOf("schema_version");
        if (!root.has("schema_version")) {
            root.problem(place, "`schema_version` is missing: the file must begin with `schema_version: 1`");
        } else if (root.integer("schema_version", SCHEMA_VERSION, 0, Integer.MAX_VALUE) != SCHEMA_VERSION) {
            root.problem(place, "this Calvin reads `schema_version: 1`");
        }
    }
}
