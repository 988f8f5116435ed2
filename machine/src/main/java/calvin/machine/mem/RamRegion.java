package calvin.machine.mem;

/**
 * A contiguous piece of RAM.
 *
 * @param basePa      first byte, a multiple of 2 MiB
 * @param sizeBytes   a positive multiple of 4 KiB
 * @param numaNode    the NUMA node whose harts are nearest, from 0
 * @param memoryClass what it is made of
 */
public record RamRegion(long basePa, long sizeBytes, int numaNode, MemoryClass memoryClass) {
    /** A region of DDR. */
    public RamRegion(long basePa, long sizeBytes, int numaNode) {
        this(basePa, sizeBytes, numaNode, MemoryClass.DDR);
    }

    public long endPa() {
        return basePa + sizeBytes;
    }

    public boolean contains(long pa) {
        return Long.compareUnsigned(pa - basePa, sizeBytes) < 0;
    }
}
