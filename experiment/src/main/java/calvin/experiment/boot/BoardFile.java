package calvin.experiment.boot;

import calvin.experiment.input.Nearest;
import calvin.experiment.input.Place;
import calvin.experiment.input.Problems;
import calvin.experiment.input.Quantity;
import calvin.experiment.input.Text;
import calvin.experiment.input.YamlFile;
import calvin.experiment.input.YamlMap;
import calvin.machine.board.AddressMap;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.NumaSpec;
import calvin.machine.fitting.Fitting;
import calvin.machine.fitting.FittingTable;
import calvin.machine.fitting.InterruptTable;
import calvin.machine.hart.HartModel;
import calvin.machine.mem.MemoryClass;
import calvin.machine.mem.RamRegion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a board of the user's own (docs/boards.md). */
final class BoardFile {
    private static final long PS_PER_S = 1_000_000_000_000L;
    private static final long DEFAULT_BYTES = 128L << 20;

    private final YamlMap board;

    private enum Base {
        VIRT, HPC, NONE
    }

    private BoardFile(YamlMap board) {
        this.board = board;
    }

    /** The board; where {@code problems} has got some, it is not to be used. */
    static BoardSpec read(Path path, Problems problems) {
        YamlMap root = YamlFile.read(path, problems);
        root.integer("schema_version", 1, 1, 1);
        YamlMap map = root.map("board");
        if (!root.has("board")) {
            root.problem(root.place(), "`board` is missing: write for example `board: {name: mine, harts: 2}`");
        }
        BoardSpec spec = new BoardFile(map).read();
        map.done();
        root.done();
        if (problems.isEmpty()) {
            spec.problems().forEach(problem -> problems.add(map.place(), problem));
        }
        return spec;
    }

    private BoardSpec read() {
        Base base = board.choice("base", Base.VIRT, Base.values(), BoardFile::word);
        BoardSpec model = base == Base.HPC
                ? BoardSpec.hpc(1, DEFAULT_BYTES, 1)
                : BoardSpec.virt(1, DEFAULT_BYTES);
        List<RamRegion> memory = memory();
        List<Fitting> fittings = new ArrayList<>(base == Base.NONE ? List.of() : model.fittings());
        fittings.addAll(fittings());
        return new BoardSpec(board.required("name", "mine").value(),
                (int) board.integer("harts", 1, 1, BoardSpec.MAX_HARTS),
                (int) board.integer("threads_per_core", 1, 1, BoardSpec.MAX_HARTS),
                period("hart_frequency", model.hartPeriodPs()), period("time_frequency", model.timePeriodPs()), memory,
                numa(memory), board.choice("interrupts", model.interrupts(), InterruptTable.values(), BoardFile::word),
                fittings, board.quantity("quantum", Quantity.TIME, model.quantumPs(), 1), hartModel(board.map("hart")));
    }

    /** The names are those of {@link HartModel}; what is absent is as there by default. */
    private static HartModel hartModel(YamlMap map) {
        HartModel absent = HartModel.DEFAULT;
        HartModel model = new HartModel((int) map.integer("pmp_entries", absent.pmpEntries(), 0,
                HartModel.MAX_PMP_ENTRIES),
                yes(map, "pmp_open_at_reset", absent.pmpOpenAtReset()),
                (int) map.integer("hpm_counters", absent.hpmCounters(), 0, HartModel.MAX_HPM_COUNTERS),
                (int) map.integer("triggers", absent.triggers(), 0, HartModel.MAX_TRIGGERS),
                (int) map.integer("asid_bits", absent.asidBits(), 0, 16),
                (int) map.integer("vmid_bits", absent.vmidBits(), 0, 14),
                (int) map.integer("page_levels", absent.pageLevels(), 3, 5),
                yes(map, "updates_at_reset", absent.updatesAtReset()),
                yes(map, "instruction_in_xtval", absent.instructionInXtval()),
                yes(map, "state_open_at_reset", absent.stateOpenAtReset()),
                (int) map.integer("guest_files", absent.guestFiles(), 0, HartModel.MAX_GUEST_FILES),
                (int) map.integer("wrs_timeout_cycles", absent.wrsTimeoutCycles(), 1, HartModel.MAX_WRS_TIMEOUT_CYCLES),
                map.integer("vendor_id", absent.vendorId(), 0, 0xFFFF_FFFFL),
                map.integer("architecture_id", absent.architectureId(), Long.MIN_VALUE, Long.MAX_VALUE),
                map.integer("implementation_id", absent.implementationId(), Long.MIN_VALUE, Long.MAX_VALUE));
        map.done();
        return model;
    }

    private static boolean yes(YamlMap map, String key, boolean absent) {
        return map.choice(key, absent ? Answer.YES : Answer.NO, Answer.values(), BoardFile::word) == Answer.YES;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private long period(String key, long absentPs) {
        long frequency = board.quantity(key, Quantity.FREQUENCY, PS_PER_S / absentPs, 1);
        if (PS_PER_S % frequency != 0) {
            board.problem(board.placeOf(key), "a period must be a whole number of picoseconds: `" + key
                    + "` must divide 1000 GHz");
        }
        return Math.max(1, PS_PER_S / frequency);
    }

    private List<RamRegion> memory() {
        List<RamRegion> regions = new ArrayList<>();
        long next = AddressMap.RAM;
        for (YamlMap map : board.maps("memory")) {
            long base = map.integer("base", next, 0, Long.MAX_VALUE);
            long bytes = map.quantity("size", Quantity.SIZE, DEFAULT_BYTES, 1);
            regions.add(new RamRegion(base, bytes, (int) map.integer("node", 0, 0, 63),
                    map.choice("class", MemoryClass.DDR, MemoryClass.values(), BoardFile::word)));
            next = base + bytes;
            map.done();
        }
        return regions.isEmpty() ? List.of(new RamRegion(AddressMap.RAM, DEFAULT_BYTES, 0)) : regions;
    }

    /** One row for each node; without any, every node of the memory has harts and is as far as every other. */
    private NumaSpec numa(List<RamRegion> memory) {
        List<Integer> hartNodes = new ArrayList<>();
        List<List<Integer>> distances = new ArrayList<>();
        for (YamlMap map : board.maps("numa")) {
            List<Integer> row = new ArrayList<>();
            for (Text text : map.texts("distances")) {
                row.add(distance(map, text));
            }
            if (map.choice("harts", Answer.YES, Answer.values(), BoardFile::word) == Answer.YES) {
                hartNodes.add(distances.size());
            }
            distances.add(row);
            map.done();
        }
        return distances.isEmpty()
                ? NumaSpec.even(1 + memory.stream().mapToInt(RamRegion::numaNode).max().orElse(0))
                : new NumaSpec(hartNodes, distances);
    }

    private enum Answer {
        YES, NO
    }

    private static int distance(YamlMap map, Text text) {
        try {
            return Integer.parseInt(text.value());
        } catch (NumberFormatException e) {
            map.problem(text.place(), "a distance must be a whole number, found `" + text + "`");
            return NumaSpec.LOCAL;
        }
    }

    private List<Fitting> fittings() {
        List<Fitting> fittings = new ArrayList<>();
        for (YamlMap map : board.maps("fittings")) {
            Text kind = map.required("kind", "ns16550a");
            if (FittingTable.find(kind.value()).isEmpty()) {
                map.problem(kind.place(), "there is no kind of device `" + kind + "`"
                        + Nearest.hint(kind.value(), List.copyOf(FittingTable.names())));
            }
            Place place = map.placeOf("base");
            long base = map.integer("base", -1, 0, Long.MAX_VALUE);
            if (!map.has("base")) {
                map.problem(place, "`base` is missing: the address of the device, for example `base: 0x10002000`");
            }
            SortedMap<String, String> parameters = new TreeMap<>();
            YamlMap given = map.map("parameters");
            given.ownKeys().forEach(key -> parameters.put(key.value(), given.string(key.value(), "")));
            fittings.add(new Fitting(map.required("name", "uart2").value(), kind.value(), base,
                    (int) map.integer("wire", 0, 0, 4095), parameters));
            map.done();
        }
        return fittings;
    }
}
