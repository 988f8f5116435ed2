package calvin.machine.board;

import calvin.machine.fitting.Fitting;
import calvin.machine.fitting.InterruptTable;
import calvin.machine.hart.HartModel;
import calvin.machine.mem.MemoryClass;
import calvin.machine.mem.RamRegion;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a machine is made of (ADR 7).
 *
 * @param name           what it is called in the device tree: {@code virt} (QEMU-virt-compatible), {@code hpc} (finer
 *                       clock, NUMA nodes, room for a network card), or a user's own
 * @param harts          1..{@link #MAX_HARTS}
 * @param threadsPerCore how many consecutive harts share a core
 * @param hartPeriodPs   length of a hart's cycle
 * @param timePeriodPs   length of a tick of the time CSR
 * @param memory         RAM, by ascending address, the first region at {@link AddressMap#RAM}
 * @param numa           as many nodes as {@code memory} names
 * @param interrupts     which interrupt controller takes the wires of devices
 * @param fittings       devices; a {@code clint}, a {@code finisher} and a serial port at least
 * @param quantumPs      how far harts of a machine with several run apart; at most the experiment's lookahead
 * @param hartModel      what the manuals leave to an implementation
 */
public record BoardSpec(String name, int harts, int threadsPerCore, long hartPeriodPs, long timePeriodPs,
        List<RamRegion> memory, NumaSpec numa, InterruptTable interrupts, List<Fitting> fittings, long quantumPs,
        HartModel hartModel) {
    /** Bounded by the CLINT's address range. */
    public static final int MAX_HARTS = 512;
    /** 2 GHz. */
    public static final long DEFAULT_HART_PERIOD_PS = 500;
    /** 10 MHz, as QEMU's virt has it. */
    public static final long VIRT_TIME_PERIOD_PS = 100 * SimTime.PS_PER_NS;
    /** 1 GHz, as RVA23 asks for. */
    public static final long HPC_TIME_PERIOD_PS = SimTime.PS_PER_NS;
    /** Below the smallest default latency of a link. */
    public static final long DEFAULT_QUANTUM_PS = 100 * SimTime.PS_PER_NS;

    public BoardSpec {
        memory = List.copyOf(memory);
        fittings = List.copyOf(fittings);
    }

    /** A board whose harts are as {@link HartModel#DEFAULT} says. */
    public BoardSpec(String name, int harts, int threadsPerCore, long hartPeriodPs, long timePeriodPs,
            List<RamRegion> memory, NumaSpec numa, InterruptTable interrupts, List<Fitting> fittings, long quantumPs) {
        this(name, harts, threadsPerCore, hartPeriodPs, timePeriodPs, memory, numa, interrupts, fittings, quantumPs,
                HartModel.DEFAULT);
    }

    /** A {@code virt} board with one region of RAM. */
    public static BoardSpec virt(int harts, long memoryBytes) {
        return new BoardSpec("virt", harts, 1, DEFAULT_HART_PERIOD_PS, VIRT_TIME_PERIOD_PS,
                List.of(new RamRegion(AddressMap.RAM, memoryBytes, 0)), NumaSpec.even(1), InterruptTable.PLIC,
                Boards.VIRT, DEFAULT_QUANTUM_PS);
    }

    /**
     * An {@code hpc} board whose RAM and harts are divided evenly among NUMA nodes: of the two nodes of a package the
     * first has DDR, the second HBM. Two harts share a core where every node has an even number.
     */
    public static BoardSpec hpc(int harts, long memoryBytes, int numaNodes) {
        List<RamRegion> memory = new ArrayList<>();
        long share = memoryBytes / Math.max(1, numaNodes) & -AddressMap.REGION_ALIGNMENT;
        for (int i = 0; i < numaNodes; i++) {
            long bytes = i == numaNodes - 1 ? memoryBytes - share * i : share;
            memory.add(new RamRegion(AddressMap.RAM + share * i, bytes, i,
                    i % Boards.NODES_PER_PACKAGE == 0 ? MemoryClass.DDR : MemoryClass.HBM));
        }
        int threads = harts % Math.max(1, 2 * numaNodes) == 0 ? 2 : 1;
        return new BoardSpec("hpc", harts, threads, DEFAULT_HART_PERIOD_PS, HPC_TIME_PERIOD_PS, memory,
                NumaSpec.packages(numaNodes, Boards.NODES_PER_PACKAGE), InterruptTable.PLIC, Boards.HPC,
                DEFAULT_QUANTUM_PS);
    }

    public BoardSpec withHartModel(HartModel value) {
        return new BoardSpec(name, harts, threadsPerCore, hartPeriodPs, timePeriodPs, memory, numa, interrupts,
                fittings, quantumPs, value);
    }

    public BoardSpec withQuantumPs(long value) {
        return new BoardSpec(name, harts, threadsPerCore, hartPeriodPs, timePeriodPs, memory, numa, interrupts,
                fittings, value, hartModel);
    }

    public BoardSpec withHartPeriodPs(long value) {
        return new BoardSpec(name, harts, threadsPerCore, value, timePeriodPs, memory, numa, interrupts, fittings,
                quantumPs, hartModel);
    }

    public BoardSpec withInterrupts(InterruptTable value) {
        return new BoardSpec(name, harts, threadsPerCore, hartPeriodPs, timePeriodPs, memory, numa, value, fittings,
                quantumPs, hartModel);
    }

    /** The board with one more device. */
    public BoardSpec withFitting(Fitting fitting) {
        List<Fitting> more = new ArrayList<>(fittings);
        more.add(fitting);
        return new BoardSpec(name, harts, threadsPerCore, hartPeriodPs, timePeriodPs, memory, numa, interrupts, more,
                quantumPs, hartModel);
    }

    public long memoryBytes() {
        return memory.stream().mapToLong(RamRegion::sizeBytes).sum();
    }

    public int numaNodes() {
        return numa.nodes();
    }

    /** The NUMA node a hart is nearest to. */
    public int numaNodeOfHart(int hart) {
        return numa.hartNodes().get((int) ((long) hart * numa.hartNodes().size() / harts));
    }

    /** The fitting of this name. */
    public Optional<Fitting> fitting(String wanted) {
        return fittings.stream().filter(fitting -> fitting.name().equals(wanted)).findFirst();
    }

    /**
     * The board's device tree as a blob.
     *
     * @param forFirmware as software in M mode gets it, rather than a kernel in S mode
     */
    public byte[] deviceTree(String arguments, boolean forFirmware) {
        return forFirmware
                ? DeviceTree.forFirmware(this, Chosen.of(arguments))
                : DeviceTree.of(this, Chosen.of(arguments));
    }

    /** Everything that is wrong with this board; empty when it can be built. */
    public List<String> problems() {
        return new BoardCheck(this).problems();
    }
}
