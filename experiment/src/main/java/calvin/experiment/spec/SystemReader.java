package calvin.experiment.spec;

import calvin.experiment.input.Place;
import calvin.experiment.input.Quantity;
import calvin.experiment.input.Text;
import calvin.experiment.input.YamlMap;
import calvin.machine.board.BoardSpec;
import calvin.machine.timing.Fidelity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads {@code system}: node classes by name. */
final class SystemReader {
    private static final long MIN_MEMORY_BYTES = 1 << 20;
    private static final long DEFAULT_MEMORY_BYTES = 128L << 20;
    private static final long PS_PER_S = 1_000_000_000_000L;
    private static final int MAX_NUMA_NODES = 64;

    private SystemReader() {}

    static List<NodeClassSpec> read(YamlMap system, boolean present) {
        List<NodeClassSpec> classes = new ArrayList<>();
        for (Text name : system.ownKeys()) {
            classes.add(readClass(name, system.map(name.value())));
        }
        if (classes.isEmpty()) {
            system.problem(system.place(), (present ? "`system` has no node class" : "`system` is missing")
                    + ": write for example `system: {node: {harts: 1, memory: 128 MiB}}`");
            classes.add(readClass(new Text("node", system.place()), system.map("node")));
        }
        return List.copyOf(classes);
    }

    private static NodeClassSpec readClass(Text name, YamlMap map) {
        NodeClassSpec.Board board = map.choice("board", NodeClassSpec.Board.HPC, NodeClassSpec.Board.values(),
                SystemReader::word);
        int harts = (int) map.integer("harts", 1, 1, BoardSpec.MAX_HARTS);
        Place memoryPlace = map.placeOf("memory");
        long memory = map.quantity("memory", Quantity.SIZE, DEFAULT_MEMORY_BYTES, MIN_MEMORY_BYTES);
        if (memory % 4096 != 0) {
            map.problem(memoryPlace, "`memory` must be a whole number of 4 KiB pages");
        }
        long frequency = map.quantity("frequency", Quantity.FREQUENCY, PS_PER_S / BoardSpec.DEFAULT_HART_PERIOD_PS, 1);
        if (PS_PER_S % frequency != 0) {
            map.problem(map.placeOf("frequency"),
                    "a cycle must be a whole number of picoseconds: `frequency` must divide 1000 GHz,"
                            + " as 1 GHz, 2 GHz, 2500 MHz and 4 GHz do");
        }
        int numaNodes = (int) map.integer("numa_nodes", 1, 1, MAX_NUMA_NODES);
        Fidelity fidelity = map.choice("fidelity", Fidelity.FUNCTIONAL, Fidelity.values(), SystemReader::word);
        NodeClassSpec.Kernel kernel = map.choice("kernel", NodeClassSpec.Kernel.LWK, NodeClassSpec.Kernel.values(),
                SystemReader::word);
        Map<String, Long> card = new LinkedHashMap<>();
        Map<String, Place> places = new LinkedHashMap<>();
        readCard(map.map("card"), card, places);
        map.done();
        return new NodeClassSpec(name, board, harts, memory, memoryPlace, PS_PER_S / frequency, numaNodes, fidelity,
                kernel, card, places);
    }

    private static void readCard(YamlMap map, Map<String, Long> values, Map<String, Place> places) {
        for (CardCost cost : CardCost.values()) {
            String key = word(cost);
            if (map.has(key)) {
                values.put(key, map.quantity(key, cost.quantity(), 0, cost.low()));
                places.put(key, map.placeOf(key));
            }
        }
        map.done();
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
