package calvin.lwk.mm;

import static calvin.lwk.abi.Errno.EBUSY;
import static calvin.lwk.abi.Errno.EEXIST;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ENOENT;
import static calvin.lwk.abi.Errno.ENOMEM;

import calvin.lwk.state.KernelState;
import calvin.lwk.state.Panic;
import calvin.lwk.state.PmemStruct;
import calvin.lwk.state.PmemType;
import calvin.sim.state.Memory;

/**
 * The list of physical memory: ordered ranges that do not overlap, each with a type, a NUMA node and whether it is
 * allocated. Neighbours with equal attributes are one range. User memory is handed out contiguous and zero.
 */
public final class Pmem {
    /** Any NUMA node will do. */
    public static final long ANY_NODE = -1;

    private Pmem() {}

    /**
     * Adds a range that is not yet in the list.
     *
     * @param clean the memory is known to be zero
     * @return 0, -EINVAL, -EEXIST where it overlaps another, -ENOMEM
     */
    public static long add(Memory memory, long kernelAt, long start, long end, PmemType type, long node,
            boolean allocated, boolean clean) {
        if (start < 0 || Long.compareUnsigned(start, end) >= 0) {
            return -EINVAL;
        }
        long before = 0;
        long next = KernelState.PMEM.get(memory, kernelAt);
        for (int i = 0; next != 0 && PmemStruct.START.get(memory, next) < start; i++) {
            if (tooLong(memory, kernelAt, i)) {
                return -EINVAL;
            }
            before = next;
            next = PmemStruct.NEXT.get(memory, next);
        }
        if (before != 0 && PmemStruct.END.get(memory, before) > start
                || next != 0 && PmemStruct.START.get(memory, next) < end) {
            return -EEXIST;
        }
        long at = insert(memory, kernelAt, before, start, end, type.code, node);
        if (at == 0) {
            return -ENOMEM;
        }
        PmemStruct.ALLOCATED.set(memory, at, allocated ? 1 : 0);
        PmemStruct.CLEAN.set(memory, at, clean ? 1 : 0);
        merge(memory, kernelAt);
        return 0;
    }

    /**
     * Takes a range out of the list, whole entries or parts: -ENOENT where it is not covered, -EBUSY where part of it
     * is allocated.
     */
    public static long del(Memory memory, long kernelAt, long start, long end) {
        long check = covered(memory, kernelAt, start, end, true);
        if (check != 0) {
            return check;
        }
        if (!cut(memory, kernelAt, start) || !cut(memory, kernelAt, end)) {
            return -ENOMEM;
        }
        long before = 0;
        long at = KernelState.PMEM.get(memory, kernelAt);
        for (int i = 0; at != 0 && !tooLong(memory, kernelAt, i); i++) {
            long next = PmemStruct.NEXT.get(memory, at);
            if (PmemStruct.START.get(memory, at) >= start && PmemStruct.END.get(memory, at) <= end) {
                remove(memory, kernelAt, before, at);
            } else {
                before = at;
            }
            at = next;
        }
        return 0;
    }

    /** Sets the type and the allocated mark of a range that the list covers: 0, -ENOENT, -ENOMEM. */
    public static long update(Memory memory, long kernelAt, long start, long end, PmemType type, boolean allocated) {
        long check = covered(memory, kernelAt, start, end, false);
        if (check != 0) {
            return check;
        }
        if (!cut(memory, kernelAt, start) || !cut(memory, kernelAt, end)) {
            return -ENOMEM;
        }
        long at = KernelState.PMEM.get(memory, kernelAt);
        for (int i = 0; at != 0 && !tooLong(memory, kernelAt, i); i++) {
            if (PmemStruct.START.get(memory, at) >= start && PmemStruct.END.get(memory, at) <= end) {
                PmemStruct.TYPE.set(memory, at, type.code);
                PmemStruct.ALLOCATED.set(memory, at, allocated ? 1 : 0);
                PmemStruct.CLEAN.set(memory, at, 0);
            }
            at = PmemStruct.NEXT.get(memory, at);
        }
        merge(memory, kernelAt);
        return 0;
    }

    /** The first range that covers {@code pa}, or 0. */
    public static long find(Memory memory, long kernelAt, long pa) {
        long at = KernelState.PMEM.get(memory, kernelAt);
        for (int i = 0; at != 0 && !tooLong(memory, kernelAt, i); i++) {
            if (PmemStruct.START.get(memory, at) <= pa && pa < PmemStruct.END.get(memory, at)) {
                return at;
            }
            at = PmemStruct.NEXT.get(memory, at);
        }
        return 0;
    }

    /**
     * Allocates user memory: contiguous, zero, from {@code node} if it can, else from any node.
     *
     * @param alignment a power of two
     * @return its physical address, or -ENOMEM
     */
    public static long alloc(Memory memory, long kernelAt, long bytes, long alignment, long node) {
        return allocAs(memory, kernelAt, bytes, alignment, node, PmemType.UMEM);
    }

    /** As {@link #alloc}; the memory then has type {@code type}. */
    public static long allocAs(Memory memory, long kernelAt, long bytes, long alignment, long node, PmemType type) {
        long at = bytes <= 0 ? 0 : fit(memory, kernelAt, bytes, alignment, node);
        if (at == 0 && node != ANY_NODE) {
            at = fit(memory, kernelAt, bytes, alignment, ANY_NODE);
        }
        if (at == 0) {
            return -ENOMEM;
        }
        long start = PmemStruct.START.get(memory, at) + alignment - 1 & -alignment;
        boolean clean = PmemStruct.CLEAN.get(memory, at) == 1;
        if (update(memory, kernelAt, start, start + bytes, type, true) != 0) {
            return -ENOMEM;
        }
        if (!clean) {
            memory.zero(start, bytes);
        }
        return start;
    }

    /** Gives back memory of {@link #alloc}. */
    public static void free(Memory memory, long kernelAt, long start, long bytes) {
        long at = find(memory, kernelAt, start);
        if (at == 0 || PmemStruct.ALLOCATED.get(memory, at) != 1
                || update(memory, kernelAt, start, start + bytes, PmemType.UMEM, false) != 0) {
            Panic.raise(memory, kernelAt, Panic.PMEM_BAD_FREE);
        }
    }

    /** First range of free user memory, on {@code node} or any, with room for an aligned block. */
    private static long fit(Memory memory, long kernelAt, long bytes, long alignment, long node) {
        long at = KernelState.PMEM.get(memory, kernelAt);
        for (int i = 0; at != 0 && !tooLong(memory, kernelAt, i); i++) {
            if (PmemStruct.TYPE.get(memory, at) == PmemType.UMEM.code && PmemStruct.ALLOCATED.get(memory, at) == 0
                    && (node == ANY_NODE || PmemStruct.NUMA.get(memory, at) == node)) {
                long start = PmemStruct.START.get(memory, at) + alignment - 1 & -alignment;
                long room = PmemStruct.END.get(memory, at) - start;
                if (room >= bytes) {
                    return at;
                }
            }
            at = PmemStruct.NEXT.get(memory, at);
        }
        return 0;
    }

    private static long covered(Memory memory, long kernelAt, long start, long end, boolean unallocated) {
        long reached = start;
        long at = KernelState.PMEM.get(memory, kernelAt);
        for (int i = 0; at != 0 && reached < end && !tooLong(memory, kernelAt, i); i++) {
            if (PmemStruct.START.get(memory, at) <= reached && reached < PmemStruct.END.get(memory, at)) {
                if (unallocated && PmemStruct.ALLOCATED.get(memory, at) != 0) {
                    return -EBUSY;
                }
                reached = PmemStruct.END.get(memory, at);
            }
            at = PmemStruct.NEXT.get(memory, at);
        }
        return reached >= end && start < end ? 0 : -ENOENT;
    }

    /** Makes {@code pa} a boundary of ranges; false when there is no kernel memory. */
    private static boolean cut(Memory memory, long kernelAt, long pa) {
        long at = find(memory, kernelAt, pa);
        if (at == 0 || PmemStruct.START.get(memory, at) == pa) {
            return true;
        }
        long right = insert(memory, kernelAt, at, pa, PmemStruct.END.get(memory, at), PmemStruct.TYPE.get(memory, at),
                PmemStruct.NUMA.get(memory, at));
        if (right == 0) {
            return false;
        }
        PmemStruct.ALLOCATED.set(memory, right, PmemStruct.ALLOCATED.get(memory, at));
        PmemStruct.CLEAN.set(memory, right, PmemStruct.CLEAN.get(memory, at));
        PmemStruct.END.set(memory, at, pa);
        return true;
    }

    private static long insert(Memory memory, long kernelAt, long before, long start, long end, long type, long node) {
        long at = Kmem.alloc(memory, kernelAt, PmemStruct.S.sizeBytes());
        if (at == 0) {
            return 0;
        }
        PmemStruct.START.set(memory, at, start);
        PmemStruct.END.set(memory, at, end);
        PmemStruct.TYPE.set(memory, at, type);
        PmemStruct.NUMA.set(memory, at, node);
        if (before == 0) {
            PmemStruct.NEXT.set(memory, at, KernelState.PMEM.get(memory, kernelAt));
            KernelState.PMEM.set(memory, kernelAt, at);
        } else {
            PmemStruct.NEXT.set(memory, at, PmemStruct.NEXT.get(memory, before));
            PmemStruct.NEXT.set(memory, before, at);
        }
        return at;
    }

    private static void remove(Memory memory, long kernelAt, long before, long at) {
        long next = PmemStruct.NEXT.get(memory, at);
        if (before == 0) {
            KernelState.PMEM.set(memory, kernelAt, next);
        } else {
            PmemStruct.NEXT.set(memory, before, next);
        }
        Kmem.free(memory, kernelAt, at, PmemStruct.S.sizeBytes());
    }

    private static void merge(Memory memory, long kernelAt) {
        long at = KernelState.PMEM.get(memory, kernelAt);
        for (int i = 0; at != 0 && !tooLong(memory, kernelAt, i); i++) {
            long next = PmemStruct.NEXT.get(memory, at);
            if (next != 0 && PmemStruct.END.get(memory, at) == PmemStruct.START.get(memory, next)
                    && alike(memory, at, next)) {
                PmemStruct.END.set(memory, at, PmemStruct.END.get(memory, next));
                remove(memory, kernelAt, at, next);
            } else {
                at = next;
            }
        }
    }

    private static boolean alike(Memory memory, long a, long b) {
        return PmemStruct.TYPE.get(memory, a) == PmemStruct.TYPE.get(memory, b)
                && PmemStruct.NUMA.get(memory, a) == PmemStruct.NUMA.get(memory, b)
                && PmemStruct.ALLOCATED.get(memory, a) == PmemStruct.ALLOCATED.get(memory, b)
                && PmemStruct.CLEAN.get(memory, a) == PmemStruct.CLEAN.get(memory, b)
                && memory.u8(a + PmemStruct.NAME.offset()) == 0 && memory.u8(b + PmemStruct.NAME.offset()) == 0;
    }

    private static boolean tooLong(Memory memory, long kernelAt, int steps) {
        if (steps < KernelState.LIST_BOUND) {
            return false;
        }
        Panic.raise(memory, kernelAt, Panic.LIST_TOO_LONG);
        return true;
    }
}
