package calvin.machine.board;

import calvin.machine.fitting.Fitting;
import calvin.machine.fitting.FittingKind;
import calvin.machine.fitting.FittingTable;
import calvin.machine.mem.RamRegion;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Finds everything that is wrong with a board. */
final class BoardCheck {
    private static final int MAX_NUMA_NODES = 64;
    /** What a machine can be started and ended with. */
    private static final List<String> NEEDED = List.of("clint", "finisher", "uart");

    private final BoardSpec board;
    private final List<String> problems = new ArrayList<>();
    /** Windows taken so far. */
    private final List<Window> windows = new ArrayList<>();

    private record Window(String what, long basePa, long endPa) {
        boolean meets(Window other) {
            return basePa < other.endPa && other.basePa < endPa;
        }
    }

    BoardCheck(BoardSpec board) {
        this.board = board;
    }

    List<String> problems() {
        problems.addAll(board.hartModel().problems());
        if (!board.name().matches("[a-z][a-z0-9-]{0,30}")) {
            problems.add("board is called '" + board.name()
                    + "'; a name has up to 31 lower-case letters, digits and '-', a letter first");
        }
        within("harts", board.harts(), 1, BoardSpec.MAX_HARTS, "");
        within("hart period", board.hartPeriodPs(), 1, SimTime.PS_PER_MS, " ps");
        within("time period", board.timePeriodPs(), 1, SimTime.PS_PER_MS, " ps");
        if (board.quantumPs() < board.hartPeriodPs()) {
            problems.add("quantum is " + board.quantumPs() + " ps, less than a cycle");
        }
        if (board.threadsPerCore() < 1 || board.harts() % board.threadsPerCore() != 0) {
            problems.add("cores have " + board.threadsPerCore() + " threads, which does not divide " + board.harts()
                    + " harts");
        }
        memory();
        numa();
        fittings();
        return List.copyOf(problems);
    }

    private void within(String what, long value, long from, long to, String unit) {
        if (value < from || value > to) {
            problems.add(what + " is " + value + unit + "; it must be " + from + " to " + to + unit);
        }
    }

    private void memory() {
        List<RamRegion> memory = board.memory();
        if (memory.isEmpty() || memory.getFirst().basePa() != AddressMap.RAM) {
            problems.add("memory must begin at " + hex(AddressMap.RAM));
            return;
        }
        long end = 0;
        for (RamRegion region : memory) {
            String where = "memory at " + hex(region.basePa());
            if (region.basePa() < end || region.basePa() % AddressMap.REGION_ALIGNMENT != 0) {
                problems.add(where + " overlaps its neighbour or does not begin at a multiple of 2 MiB");
            }
            if (region.sizeBytes() <= 0 || region.sizeBytes() % 4096 != 0 || region.sizeBytes() > 1L << 40) {
                problems.add(where + " has " + region.sizeBytes() + " bytes; it needs a multiple of 4 KiB up to 1 TiB");
            }
            end = region.endPa();
            windows.add(new Window("memory", region.basePa(), end));
        }
        if (memory.getFirst().sizeBytes() < AddressMap.MIN_RAM_BYTES) {
            problems.add("the first memory region has " + memory.getFirst().sizeBytes()
                    + " bytes; the firmware and a kernel need at least " + AddressMap.MIN_RAM_BYTES);
        }
    }

    private void numa() {
        NumaSpec numa = board.numa();
        int nodes = numa.nodes();
        if (nodes < 1 || nodes > MAX_NUMA_NODES) {
            problems.add("there are " + nodes + " NUMA nodes; there must be 1 to " + MAX_NUMA_NODES);
            return;
        }
        Set<Integer> used = new TreeSet<>(numa.hartNodes());
        if (used.isEmpty()) {
            problems.add("no NUMA node has harts");
        } else if (board.harts() >= 1 && board.harts() < used.size()) {
            problems.add(board.harts() + " harts cannot be dealt to " + used.size() + " NUMA nodes");
        }
        board.memory().forEach(region -> used.add(region.numaNode()));
        for (int node : used) {
            if (node < 0 || node >= nodes) {
                problems.add("NUMA node " + node + " has no distances; there are nodes 0 to " + (nodes - 1));
            }
        }
        for (int from = 0; from < nodes; from++) {
            if (numa.distances().get(from).size() != nodes) {
                problems.add("NUMA node " + from + " has " + numa.distances().get(from).size() + " distances for "
                        + nodes + " nodes");
                continue;
            }
            for (int to = 0; to < nodes; to++) {
                distance(from, to, numa.distance(from, to));
            }
        }
    }

    private void distance(int from, int to, int distance) {
        // ACPI 6.5, 5.2.17: 10 is local, 255 is unreachable.
        if (from == to ? distance != NumaSpec.LOCAL : distance <= NumaSpec.LOCAL || distance > 254) {
            problems.add("the distance from NUMA node " + from + " to " + to + " is " + distance
                    + "; it must be 10 to itself and 11 to 254 to others");
        }
    }

    private void fittings() {
        long[] controller = board.interrupts().kind().windows(Math.max(1, board.harts()),
                board.hartModel());
        for (int i = 0; i < controller.length; i += 2) {
            place(new Window("the interrupt controller", controller[i], controller[i + 1]));
        }
        Set<String> names = new HashSet<>();
        for (Fitting fitting : board.fittings()) {
            if (!names.add(fitting.name())) {
                problems.add("two fittings are called " + fitting.name());
            }
            fitting(fitting);
        }
        for (String name : NEEDED) {
            if (!names.contains(name)) {
                problems.add("a fitting called " + name + " is missing");
            }
        }
    }

    private void fitting(Fitting fitting) {
        String who = "fitting " + fitting.name();
        FittingKind kind = FittingTable.find(fitting.kind()).orElse(null);
        if (kind == null) {
            problems.add(who + " is of kind " + fitting.kind() + "; there are "
                    + String.join(", ", FittingTable.names()));
            return;
        }
        int last = board.interrupts().kind().lastWire();
        if (fitting.wire() < 0 || fitting.wire() > last) {
            problems.add(who + " has wire " + fitting.wire() + "; it must be 0 (none) to " + last);
        }
        for (String parameter : fitting.parameters().keySet()) {
            if (!kind.parameters().contains(parameter)) {
                problems.add(who + " has a parameter " + parameter + " that its kind does not know");
            }
        }
        kind.problems(fitting).forEach(problem -> problems.add(who + ": " + problem));
        place(new Window(who, fitting.basePa(), fitting.basePa() + kind.windowBytes(fitting)));
    }

    private void place(Window window) {
        if (window.basePa() < 0 || window.endPa() < window.basePa() || window.basePa() % 8 != 0) {
            problems.add(window.what() + " cannot be at " + hex(window.basePa()));
        }
        for (Window taken : windows) {
            if (taken.meets(window)) {
                problems.add(window.what() + " at " + hex(window.basePa()) + " overlaps " + taken.what() + " at "
                        + hex(taken.basePa()));
                break;
            }
        }
        windows.add(window);
    }

    private static String hex(long pa) {
        return String.format(Locale.ROOT, "%#x", pa);
    }
}
