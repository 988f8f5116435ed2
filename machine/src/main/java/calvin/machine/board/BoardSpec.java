package calvin.machine.board;

import calvin.machine.mem.RamRegion;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.List;

/**
 * What a machine is made of. Both boards have the address map of {@link AddressMap}.
 *
 * @param name         {@code virt} (QEMU-virt-compatible) or {@code hpc} (finer clock, NUMA nodes, room for a network
 *                     card)
 * @param harts        1..{@link #MAX_HARTS}
 * @param hartPeriodPs length of a hart's cycle
 * @param timePeriodPs length of a tick of the time CSR
 * @param memory       RAM, by ascending address, the first region at {@link AddressMap#RAM}
 * @param quantumPs    how far harts of a machine with several run apart; at most the experiment's lookahead
 */
public record BoardSpec(String name, int harts, long hartPeriodPs, long timePeriodPs, List<RamRegion> memory,
        long quantumPs) {
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

    private static final long TWO_MIB = 2L << 20;

    public BoardSpec {
        memory = List.copyOf(memory);
    }

    /** A {@code virt} board with one region of RAM. */
    public static BoardSpec virt(int harts, long memoryBytes) {
        return new BoardSpec("virt", harts, DEFAULT_HART_PERIOD_PS, VIRT_TIME_PERIOD_PS,
                List.of(new RamRegion(AddressMap.RAM, memoryBytes, 0)), DEFAULT_QUANTUM_PS);
    }

    /** An {@code hpc} board whose RAM is divided evenly among NUMA nodes. */
    public static BoardSpec hpc(int harts, long memoryBytes, int numaNodes) {
        List<RamRegion> memory = new ArrayList<>();
        long share = memoryBytes / Math.max(1, numaNodes) & -TWO_MIB;
        for (int i = 0; i < numaNodes; i++) {
            long bytes = i == numaNodes - 1 ? memoryBytes - share * i : share;
            memory.add(new RamRegion(AddressMap.RAM + share * i, bytes, i));
        }
        return new BoardSpec("hpc", harts, DEFAULT_HART_PERIOD_PS, HPC_TIME_PERIOD_PS, memory, DEFAULT_QUANTUM_PS);
    }

    public BoardSpec withQuantumPs(long value) {
        return new BoardSpec(name, harts, hartPeriodPs, timePeriodPs, memory, value);
    }

    public BoardSpec withHartPeriodPs(long value) {
        return new BoardSpec(name, harts, value, timePeriodPs, memory, quantumPs);
    }

    public long memoryBytes() {
        return memory.stream().mapToLong(RamRegion::sizeBytes).sum();
    }

    public int numaNodes() {
        return memory.stream().mapToInt(RamRegion::numaNode).max().orElse(0) + 1;
    }

    /** The NUMA node a hart is nearest to: harts are dealt out in equal consecutive runs. */
    public int numaNodeOfHart(int hart) {
        return (int) ((long) hart * numaNodes() / harts);
    }

    /** Everything that is wrong with this board; empty when it can be built. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!name.equals("virt") && !name.equals("hpc")) {
            problems.add("board is " + name + "; there are virt and hpc");
        }
        if (harts < 1 || harts > MAX_HARTS) {
            problems.add("harts is " + harts + "; it must be 1 to " + MAX_HARTS);
        }
        if (hartPeriodPs < 1 || hartPeriodPs > SimTime.PS_PER_MS) {
            problems.add("hart period is " + hartPeriodPs + " ps; it must be 1 ps to 1 ms");
        }
        if (timePeriodPs < 1 || timePeriodPs > SimTime.PS_PER_MS) {
            problems.add("time period is " + timePeriodPs + " ps; it must be 1 ps to 1 ms");
        }
        if (quantumPs < hartPeriodPs) {
            problems.add("quantum is " + quantumPs + " ps, less than a cycle");
        }
        memoryProblems(problems);
        return problems;
    }

    private void memoryProblems(List<String> problems) {
        if (memory.isEmpty() || memory.getFirst().basePa() != AddressMap.RAM) {
            problems.add("memory must begin at 0x" + Long.toHexString(AddressMap.RAM));
            return;
        }
        long end = 0;
        for (RamRegion region : memory) {
            String where = "memory at 0x" + Long.toHexString(region.basePa());
            if (region.basePa() < end || region.basePa() % TWO_MIB != 0) {
                problems.add(where + " overlaps its neighbour or does not begin at a multiple of 2 MiB");
            }
            if (region.sizeBytes() <= 0 || region.sizeBytes() % 4096 != 0 || region.sizeBytes() > 1L << 40) {
                problems.add(where + " has " + region.sizeBytes() + " bytes; it needs a multiple of 4 KiB up to 1 TiB");
            }
            if (region.numaNode() < 0 || region.numaNode() >= 64) {
                problems.add(where + " is on NUMA node " + region.numaNode() + "; it must be 0 to 63");
            }
            end = region.endPa();
        }
        if (memory.getFirst().sizeBytes() < AddressMap.MIN_RAM_BYTES) {
            problems.add("the first memory region has " + memory.getFirst().sizeBytes()
                    + " bytes; the firmware and a kernel need at least " + AddressMap.MIN_RAM_BYTES);
        }
    }
}
