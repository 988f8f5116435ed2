package calvin.machine.timing;

import java.util.List;

/**
 * What the model needs to know of a machine.
 *
 * @param harts         how many
 * @param hartsPerCore  consecutive harts that share a core
 * @param periodPs      length of a hart's cycle
 * @param nodeOfHart    NUMA node by hart
 * @param regions       RAM by ascending address
 * @param distances     NUMA distances, 10 for local, by from and to
 * @param dram          memory of each NUMA node
 */
public record MachineShape(int harts, int hartsPerCore, long periodPs, List<Integer> nodeOfHart, List<Region> regions,
        List<List<Integer>> distances, List<DramSpec> dram) {
    /** A piece of RAM and the NUMA node it belongs to. */
    public record Region(long basePa, long sizeBytes, int node) {}

    public MachineShape {
        nodeOfHart = List.copyOf(nodeOfHart);
        regions = List.copyOf(regions);
        distances = List.copyOf(distances);
        dram = List.copyOf(dram);
    }

    int cores() {
        return (harts + hartsPerCore - 1) / hartsPerCore;
    }
}
