package calvin.lwk.mm;

import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ENOMEM;

import calvin.lwk.state.KernelState;
import calvin.lwk.state.Panic;
import calvin.lwk.state.RegionStruct;
import calvin.sim.state.Memory;

/**
 * Sv48 page tables (priv, "Sv48"). Leaves have A and D set from the start, so that a hart without Svadu never traps for
 * them.
 */
public final class PageTable {
    public static final long PAGE_4K = 1L << 12;
    public static final long PAGE_2M = 1L << 21;
    public static final long PAGE_1G = 1L << 30;
    /** satp.MODE of Sv48, in place. */
    public static final long SATP_SV48 = 9L << 60;
    /** User addresses are below this: the lower half of Sv48. */
    public static final long USER_END = 1L << 47;

    private static final int TOP_LEVEL = 3;
    private static final int TABLE_BYTES = 4096;
    private static final long V = 1;
    private static final long R = 1 << 1;
    private static final long W = 1 << 2;
    private static final long X = 1 << 3;
    private static final long U = 1 << 4;
    private static final long A = 1 << 6;
    private static final long D = 1 << 7;
    private static final long PPN = (1L << 44) - 1;

    private PageTable() {}

    /** An empty root table, or 0. */
    public static long create(Memory memory, long kernelAt) {
        return Kmem.alloc(memory, kernelAt, TABLE_BYTES);
    }

    public static boolean isPageSize(long bytes) {
        return bytes == PAGE_4K || bytes == PAGE_2M || bytes == PAGE_1G;
    }

    /**
     * Maps pages of one size. What is mapped there before is replaced.
     *
     * @param rights READ, WRITE, EXEC of {@link RegionStruct}
     * @return 0, or -ENOMEM (a part may be mapped then), or -EINVAL where a page of another size is in the way
     */
    public static long map(Memory memory, long kernelAt, long rootPa, long va, long pa, long bytes, long pageBytes,
            long rights) {
        // priv, Sv39 PTE: W=1 with R=0 is reserved, so a writable page is readable.
        long bits = V | U | A | D | (rights & RegionStruct.READ) * R | ((rights & RegionStruct.WRITE) != 0 ? R | W : 0)
                | ((rights & RegionStruct.EXEC) != 0 ? X : 0);
        if (!sane(memory, kernelAt, va, bytes, pageBytes)) {
            return -EINVAL;
        }
        for (long done = 0; done < bytes; done += pageBytes) {
            long entryPa = entry(memory, kernelAt, rootPa, va + done, level(pageBytes), true);
            if (entryPa <= 0) {
                return entryPa == 0 ? -ENOMEM : -EINVAL;
            }
            memory.u64(entryPa, (pa + done >>> 12) << 10 | bits);
        }
        return 0;
    }

    /** Removes pages of one size; where none are, nothing happens. */
    public static void unmap(Memory memory, long kernelAt, long rootPa, long va, long bytes, long pageBytes) {
        if (!sane(memory, kernelAt, va, bytes, pageBytes)) {
            return;
        }
        for (long at = va; at < va + bytes;) {
            long entryPa = entry(memory, kernelAt, rootPa, at, level(pageBytes), false);
            if (entryPa > 0) {
                memory.u64(entryPa, 0);
                at += pageBytes;
            } else {
                // A table is missing, and with it at least 512 pages.
                at = (at | (pageBytes << 9) - 1) + 1;
            }
        }
    }

    /** Whether a region's range and page size can be what the kernel put there. */
    private static boolean sane(Memory memory, long kernelAt, long va, long bytes, long pageBytes) {
        boolean sane = isPageSize(pageBytes) && va >= 0 && bytes >= 0 && bytes <= USER_END && va + bytes <= USER_END;
        if (!sane) {
            Panic.raise(memory, kernelAt, Panic.ASPACE_CORRUPT);
        }
        return sane;
    }

    /** The physical address that {@code va} is mapped to, or -1. */
    public static long walk(Memory memory, long rootPa, long va) {
        if (va < 0 || va >= USER_END) {
            return -1;
        }
        long tablePa = rootPa;
        for (int level = TOP_LEVEL; level >= 0; level--) {
            long pte = memory.u64(slot(tablePa, va, level));
            if ((pte & V) == 0) {
                return -1;
            }
            long pa = (pte >>> 10 & PPN) << 12;
            if ((pte & (R | W | X)) != 0) {
                long offset = (1L << 12 + 9 * level) - 1;
                return pa & ~offset | va & offset;
            }
            tablePa = pa;
        }
        return -1;
    }

    /** Gives back every table. */
    public static void destroy(Memory memory, long kernelAt, long rootPa) {
        destroy(memory, kernelAt, rootPa, TOP_LEVEL);
    }

    private static void destroy(Memory memory, long kernelAt, long tablePa, int level) {
        for (int i = 0; level > 0 && i < 512 && KernelState.PANICKED.get(memory, kernelAt) == 0; i++) {
            long pte = memory.u64(tablePa + 8L * i);
            if ((pte & (V | R | W | X)) == V) {
                destroy(memory, kernelAt, (pte >>> 10 & PPN) << 12, level - 1);
            }
        }
        Kmem.free(memory, kernelAt, tablePa, TABLE_BYTES);
    }

    private static int level(long pageBytes) {
        return pageBytes == PAGE_1G ? 2 : pageBytes == PAGE_2M ? 1 : 0;
    }

    private static long slot(long tablePa, long va, int level) {
        return tablePa + (va >>> 12 + 9 * level & 511) * 8;
    }

    /**
     * Address of the entry of {@code va} at {@code level}; 0 when a table is missing (and cannot be made), -1 when a
     * larger page is there.
     */
    private static long entry(Memory memory, long kernelAt, long rootPa, long va, int level, boolean make) {
        long tablePa = rootPa;
        for (int i = TOP_LEVEL; i > level; i--) {
            long at = slot(tablePa, va, i);
            long pte = memory.u64(at);
            if ((pte & V) == 0) {
                long made = make ? Kmem.alloc(memory, kernelAt, TABLE_BYTES) : 0;
                if (made == 0) {
                    return 0;
                }
                pte = (made >>> 12) << 10 | V;
                memory.u64(at, pte);
            } else if ((pte & (R | W | X)) != 0) {
                Panic.raise(memory, kernelAt, Panic.PAGE_TABLE_CORRUPT);
                return -1;
            }
            tablePa = (pte >>> 10 & PPN) << 12;
        }
        return slot(tablePa, va, level);
    }
}
