package calvin.machine.iommu;

/** What both queues in memory have in common: a base register with a size, and indices that wrap (iommu 4). */
final class Queue {
    /** LOG2SZ-1 and PPN. */
    static final long BASE_BITS = 0x003F_FFFF_FFFF_FC1FL;
    static final long ENABLE = 1;
    static final long INTERRUPT_ENABLE = 2;
    static final long MEMORY_FAULT = 1 << 8;
    static final long ON = 1 << 16;

    private Queue() {}

    /** The bits that an index may have. */
    static long indexMask(long base) {
        return (2L << (base & 31)) - 1;
    }

    static long entryPa(long base, long index, int entryBytes) {
        return DeviceContext.page(base >>> 10) + index * entryBytes;
    }
}
