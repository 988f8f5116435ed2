package calvin.experiment.spec;

import calvin.experiment.input.Place;
import calvin.experiment.input.Quantity;
import calvin.experiment.input.Text;
import calvin.experiment.input.YamlMap;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code faults}: a campaign. */
final class FaultsReader {
    private static final int MAX_FAULTS = 10_000_000;
    private static final int DEFAULT_CHECKPOINTS = 16;
    private static final double DEFAULT_HANG_FACTOR = 3;

    private FaultsReader() {}

    static FaultsSpec read(YamlMap root) {
        if (!root.has("faults")) {
            return new FaultsSpec(Place.of(root.place().source()), null, DEFAULT_CHECKPOINTS, DEFAULT_HANG_FACTOR,
                    List.of());
        }
        YamlMap map = root.map("faults");
        Long ownSeed = map.has("seed") ? map.integer("seed", 0, 0, Long.MAX_VALUE) : null;
        int checkpoints = (int) map.integer("checkpoints", DEFAULT_CHECKPOINTS, 1, 1000);
        double hangFactor = map.number("hang_factor", DEFAULT_HANG_FACTOR);
        if (!(hangFactor > 1)) {
            map.problem(map.placeOf("hang_factor"), "`hang_factor` must be greater than 1");
        }
        List<FaultsSpec.Stratum> strata = new ArrayList<>();
        for (YamlMap entry : map.maps("inject")) {
            strata.add(stratum(entry));
        }
        if (strata.isEmpty()) {
            map.problem(map.placeOf("inject"),
                    "`faults` injects nothing: write for example `inject: [{kind: register-flip, count: 100}]`");
        }
        map.done();
        return new FaultsSpec(map.place(), ownSeed, checkpoints, hangFactor, List.copyOf(strata));
    }

    private static FaultsSpec.Stratum stratum(YamlMap map) {
        map.required("kind", "register-flip");
        FaultsSpec.Kind kind = map.choice("kind", FaultsSpec.Kind.REGISTER_FLIP, FaultsSpec.Kind.values(),
                k -> SystemReader.word(k).replace('_', '-'));
        map.required("count", "100");
        int count = (int) map.integer("count", 1, 1, MAX_FAULTS);
        List<Text> nodes = WorkloadReader.nodes(map, "nodes");
        YamlMap window = map.map("window");
        long fromPs = window.quantity("from", Quantity.TIME, 0, 0);
        long toPs = window.quantity("to", Quantity.TIME, Long.MAX_VALUE, 1);
        window.done();
        if (fromPs >= toPs) {
            map.problem(window.place(), "`window` is empty: `from` must be before `to`");
        }
        int first = 1;
        int last = 31;
        if (kind == FaultsSpec.Kind.REGISTER_FLIP) {
            Text registers = map.text("registers");
            if (registers != null) {
                first = register(map, registers, 0);
                last = register(map, registers, 1);
                if (first > last) {
                    map.problem(registers.place(), "`registers: " + registers + "` is empty");
                }
            }
        }
        map.done();
        return new FaultsSpec.Stratum(kind, count, nodes, fromPs, toPs, first, last);
    }

    /** One end of {@code x5-x7}, or the register itself of {@code x5}. */
    private static int register(YamlMap map, Text range, int end) {
        String[] ends = range.value().split("-");
        String text = ends[Math.min(end, ends.length - 1)].strip();
        if (ends.length <= 2 && text.matches("x([1-9]|[12][0-9]|3[01])")) {
            return Integer.parseInt(text.substring(1));
        }
        map.problem(range.place(),
                "`registers` must be one of x1 to x31 or a range such as `x1-x31`, found `" + range + "`");
        return end == 0 ? 1 : 31;
    }
}
