package calvin.lwk.mm;

import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ENOMEM;

import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.HoleStruct;
import calvin.lwk.state.Panic;
import calvin.lwk.state.RegionStruct;
import calvin.sim.state.Memory;

/**
 * The heap of an address space: one region, mapped from the start. The program break moves up from its bottom,
 * anonymous mappings are cut from its top:
 *
 * <pre>
 * heap_start ... brk ... brk_high ...... mmap_clean ... mmap_low ... [hole] ... heap_end
 *     program break  | dirty |  never used, zero  | dirty |   mappings and holes
 * </pre>
 *
 * <p>Unlike Kitten's, memory that is unmapped is used again: as a hole, or by moving mmap_low up when it is the lowest.
 * Memory is cleared when it is handed out unless it lies in the part that was never used.
 */
public final class Heap {
    private static final long PAGE = PageTable.PAGE_4K;
    private static final int HOLE_BOUND = 1 << 16;

    private Heap() {}

    /** Makes the region [start, end) of an address space its heap. */
    public static void init(Memory memory, long aspaceAt, long start, long end) {
        AspaceStruct.HEAP_START.set(memory, aspaceAt, start);
        AspaceStruct.HEAP_END.set(memory, aspaceAt, end);
        AspaceStruct.BRK.set(memory, aspaceAt, start);
        AspaceStruct.BRK_HIGH.set(memory, aspaceAt, start);
        AspaceStruct.MMAP_LOW.set(memory, aspaceAt, end);
        AspaceStruct.MMAP_CLEAN.set(memory, aspaceAt, end);
    }

    /** Moves the program break if that is possible; returns where it is then (brk(2) of Linux). */
    public static long brk(Memory memory, long aspaceAt, long wanted) {
        long brk = AspaceStruct.BRK.get(memory, aspaceAt);
        if (wanted < AspaceStruct.HEAP_START.get(memory, aspaceAt)
                || wanted > AspaceStruct.MMAP_LOW.get(memory, aspaceAt)) {
            return brk;
        }
        if (wanted > brk) {
            clear(memory, aspaceAt, brk, wanted);
        }
        AspaceStruct.BRK.set(memory, aspaceAt, wanted);
        if (wanted > AspaceStruct.BRK_HIGH.get(memory, aspaceAt)) {
            AspaceStruct.BRK_HIGH.set(memory, aspaceAt, wanted);
        }
        return wanted;
    }

    /**
     * Cuts {@code bytes} (rounded up to pages) of zeros; returns their address or -ENOMEM. The smallest hole that fits
     * comes first.
     */
    public static long map(Memory memory, long kernelAt, long aspaceAt, long bytes) {
        long size = bytes + PAGE - 1 & -PAGE;
        if (size <= 0) {
            return -ENOMEM;
        }
        long best = 0;
        long bestSize = Long.MAX_VALUE;
        long at = AspaceStruct.HOLES.get(memory, aspaceAt);
        for (int i = 0; at != 0 && i < HOLE_BOUND; i++) {
            long room = HoleStruct.END.get(memory, at) - HoleStruct.START.get(memory, at);
            if (room >= size && room < bestSize) {
                best = at;
                bestSize = room;
            }
            at = HoleStruct.NEXT.get(memory, at);
        }
        long va;
        if (best != 0) {
            va = HoleStruct.END.get(memory, best) - size;
            if (bestSize == size) {
                removeHole(memory, kernelAt, aspaceAt, best);
            } else {
                HoleStruct.END.set(memory, best, va);
            }
        } else {
            va = AspaceStruct.MMAP_LOW.get(memory, aspaceAt) - size;
            if (va < (AspaceStruct.BRK.get(memory, aspaceAt) + PAGE - 1 & -PAGE)) {
                return -ENOMEM;
            }
            AspaceStruct.MMAP_LOW.set(memory, aspaceAt, va);
        }
        clear(memory, aspaceAt, va, va + size);
        if (va < AspaceStruct.MMAP_CLEAN.get(memory, aspaceAt)) {
            AspaceStruct.MMAP_CLEAN.set(memory, aspaceAt, va);
        }
        return va;
    }

    /** Whether [va, va + bytes) lies in the part of the heap from which mappings are cut, and was. */
    public static boolean isMapped(Memory memory, long aspaceAt, long va, long bytes) {
        return va >= AspaceStruct.MMAP_LOW.get(memory, aspaceAt) && bytes >= 0
                && va + bytes <= AspaceStruct.HEAP_END.get(memory, aspaceAt) && va + bytes >= va;
    }

    /**
     * Gives mapped memory back. 0, also for what is no mapping; -EINVAL for a range that is not whole pages; -ENOMEM.
     */
    public static long unmap(Memory memory, long kernelAt, long aspaceAt, long va, long bytes) {
        long size = bytes + PAGE - 1 & -PAGE;
        if ((va & PAGE - 1) != 0 || size <= 0) {
            return -EINVAL;
        }
        long start = Math.max(va, AspaceStruct.MMAP_LOW.get(memory, aspaceAt));
        long end = Math.min(va + size, AspaceStruct.HEAP_END.get(memory, aspaceAt));
        return start < end ? addHole(memory, kernelAt, aspaceAt, start, end) : 0;
    }

    /** Clears the bytes of [start, end) that were used before. */
    public static void clear(Memory memory, long aspaceAt, long start, long end) {
        long brkHigh = AspaceStruct.BRK_HIGH.get(memory, aspaceAt);
        long mmapClean = AspaceStruct.MMAP_CLEAN.get(memory, aspaceAt);
        zero(memory, aspaceAt, start, Math.min(end, brkHigh));
        zero(memory, aspaceAt, Math.max(start, mmapClean), end);
    }

    static void dropHoles(Memory memory, long kernelAt, long aspaceAt) {
        for (int i = 0; i < HOLE_BOUND && AspaceStruct.HOLES.get(memory, aspaceAt) != 0; i++) {
            removeHole(memory, kernelAt, aspaceAt, AspaceStruct.HOLES.get(memory, aspaceAt));
        }
    }

    /** Clears heap memory through its physical address, which is contiguous. */
    private static void zero(Memory memory, long aspaceAt, long start, long end) {
        if (start < end) {
            long region = Aspace.regionOf(memory, aspaceAt, start);
            if (region != 0) {
                long last = Math.min(end, RegionStruct.END.get(memory, region));
                memory.zero(RegionStruct.PMEM.get(memory, region) + start - RegionStruct.START.get(memory, region),
                        last - start);
            }
        }
    }

    /** Adds [start, end) to the holes, which stay ordered, apart and above mmap_low. */
    private static long addHole(Memory memory, long kernelAt, long aspaceAt, long start, long end) {
        long from = start;
        long to = end;
        long before = 0;
        long at = AspaceStruct.HOLES.get(memory, aspaceAt);
        for (int i = 0; at != 0 && HoleStruct.START.get(memory, at) <= to; i++) {
            if (i >= HOLE_BOUND) {
                Panic.raise(memory, kernelAt, Panic.LIST_TOO_LONG);
                return 0;
            }
            long next = HoleStruct.NEXT.get(memory, at);
            if (HoleStruct.END.get(memory, at) >= from) {
                from = Math.min(from, HoleStruct.START.get(memory, at));
                to = Math.max(to, HoleStruct.END.get(memory, at));
                removeHole(memory, kernelAt, aspaceAt, at);
            } else {
                before = at;
            }
            at = next;
        }
        if (from == AspaceStruct.MMAP_LOW.get(memory, aspaceAt)) {
            AspaceStruct.MMAP_LOW.set(memory, aspaceAt, to);
            return 0;
        }
        long hole = Kmem.alloc(memory, kernelAt, HoleStruct.S.sizeBytes());
        if (hole == 0) {
            return -ENOMEM;
        }
        HoleStruct.START.set(memory, hole, from);
        HoleStruct.END.set(memory, hole, to);
        HoleStruct.NEXT.set(memory, hole, at);
        if (before == 0) {
            AspaceStruct.HOLES.set(memory, aspaceAt, hole);
        } else {
            HoleStruct.NEXT.set(memory, before, hole);
        }
        return 0;
    }

    private static void removeHole(Memory memory, long kernelAt, long aspaceAt, long holeAt) {
        long next = HoleStruct.NEXT.get(memory, holeAt);
        long before = 0;
        long at = AspaceStruct.HOLES.get(memory, aspaceAt);
        for (int i = 0; at != 0 && at != holeAt && i < HOLE_BOUND; i++) {
            before = at;
            at = HoleStruct.NEXT.get(memory, at);
        }
        if (before == 0) {
            AspaceStruct.HOLES.set(memory, aspaceAt, next);
        } else {
            HoleStruct.NEXT.set(memory, before, next);
        }
        Kmem.free(memory, kernelAt, holeAt, HoleStruct.S.sizeBytes());
    }
}
