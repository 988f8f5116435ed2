package calvin.lwk.mm;

import calvin.lwk.state.KernelState;
import calvin.lwk.state.Panic;
import calvin.sim.state.Memory;
import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U64;

/**
 * The kernel heap: a buddy allocator over one power-of-two pool. Blocks are powers of two from 32 bytes, aligned to
 * their size relative to the pool, and zero when handed out.
 *
 * <p>A free block holds its list links and order in itself; a bitmap of one bit per 32 bytes says where free blocks
 * begin. So the pool's pages are touched only where they are used.
 */
public final class Kmem {
    private static final int MIN_ORDER = 5;

    /** What a free block begins with. */
    private static final Struct S = Struct.named("kmem_block");
    private static final U64 NEXT = S.u64("next", "pa of the next free block of this size, 0 = end");
    private static final U64 PREVIOUS = S.u64("previous", "pa of the one before it, 0 = first");
    private static final U64 ORDER = S.u64("order", "log2 of its size");

    static {
        S.endsAt(24);
    }

    private Kmem() {}

    /** Bytes of bitmap that a pool of {@code bytes} needs. */
    public static long tagBytes(long bytes) {
        return bytes >>> MIN_ORDER + 3;
    }

    /**
     * Begins with an empty heap.
     *
     * @param poolPa page aligned
     * @param bytes  a power of two, at least a page
     * @param tagsPa {@link #tagBytes} of zeros
     */
    public static void init(Memory memory, long kernelAt, long poolPa, long bytes, long tagsPa) {
        KernelState.KMEM.set(memory, kernelAt, poolPa);
        KernelState.KMEM_BYTES.set(memory, kernelAt, bytes);
        KernelState.KMEM_FREE.set(memory, kernelAt, bytes);
        KernelState.KMEM_TAGS.set(memory, kernelAt, tagsPa);
        push(memory, kernelAt, poolPa, 63 - Long.numberOfLeadingZeros(bytes));
    }

    /** A block of at least {@code bytes} zeros, or 0 when there is none. */
    public static long alloc(Memory memory, long kernelAt, long bytes) {
        int wanted = order(bytes);
        int order = wanted;
        while (order < KernelState.KMEM_ORDERS && KernelState.KMEM_LISTS.get(memory, kernelAt, order) == 0) {
            order++;
        }
        if (order >= KernelState.KMEM_ORDERS) {
            return 0;
        }
        long at = KernelState.KMEM_LISTS.get(memory, kernelAt, order);
        if (!inPool(memory, kernelAt, at, order) || ORDER.get(memory, at) != order || !isFree(memory, kernelAt, at)) {
            Panic.raise(memory, kernelAt, Panic.KMEM_CORRUPT);
            return 0;
        }
        unlink(memory, kernelAt, at, order);
        while (order > wanted) {
            order--;
            push(memory, kernelAt, at + (1L << order), order);
        }
        KernelState.KMEM_FREE.set(memory, kernelAt, KernelState.KMEM_FREE.get(memory, kernelAt) - (1L << wanted));
        memory.zero(at, 1L << wanted);
        return at;
    }

    /** Gives back a block of {@link #alloc}, with the size that was asked for. */
    public static void free(Memory memory, long kernelAt, long pa, long bytes) {
        int order = order(bytes);
        if (!inPool(memory, kernelAt, pa, order) || isFree(memory, kernelAt, pa)) {
            Panic.raise(memory, kernelAt, Panic.KMEM_BAD_FREE);
            return;
        }
        KernelState.KMEM_FREE.set(memory, kernelAt, KernelState.KMEM_FREE.get(memory, kernelAt) + (1L << order));
        long base = KernelState.KMEM.get(memory, kernelAt);
        long poolBytes = KernelState.KMEM_BYTES.get(memory, kernelAt);
        long at = pa;
        while (order < KernelState.KMEM_ORDERS - 1 && 1L << order < poolBytes) {
            long buddy = base + (at - base ^ 1L << order);
            if (!isFree(memory, kernelAt, buddy) || ORDER.get(memory, buddy) != order) {
                break;
            }
            unlink(memory, kernelAt, buddy, order);
            at = Math.min(at, buddy);
            order++;
        }
        push(memory, kernelAt, at, order);
    }

    private static int order(long bytes) {
        return Math.max(MIN_ORDER, 64 - Long.numberOfLeadingZeros(Math.max(1, bytes) - 1));
    }

    private static boolean inPool(Memory memory, long kernelAt, long pa, int order) {
        long offset = pa - KernelState.KMEM.get(memory, kernelAt);
        return offset >= 0 && offset + (1L << order) <= KernelState.KMEM_BYTES.get(memory, kernelAt)
                && (offset & (1L << order) - 1) == 0;
    }

    private static void push(Memory memory, long kernelAt, long at, int order) {
        long next = KernelState.KMEM_LISTS.get(memory, kernelAt, order);
        if (next != 0 && !inPool(memory, kernelAt, next, order)) {
            Panic.raise(memory, kernelAt, Panic.KMEM_CORRUPT);
            next = 0;
        }
        NEXT.set(memory, at, next);
        PREVIOUS.set(memory, at, 0);
        ORDER.set(memory, at, order);
        if (next != 0) {
            PREVIOUS.set(memory, next, at);
        }
        KernelState.KMEM_LISTS.set(memory, kernelAt, order, at);
        tag(memory, kernelAt, at, true);
    }

    private static void unlink(Memory memory, long kernelAt, long at, int order) {
        long next = NEXT.get(memory, at);
        long previous = PREVIOUS.get(memory, at);
        if (next != 0 && !inPool(memory, kernelAt, next, order)) {
            Panic.raise(memory, kernelAt, Panic.KMEM_CORRUPT);
            next = 0;
        } else if (next != 0) {
            PREVIOUS.set(memory, next, previous);
        }
        if (previous == 0) {
            KernelState.KMEM_LISTS.set(memory, kernelAt, order, next);
        } else if (inPool(memory, kernelAt, previous, order)) {
            NEXT.set(memory, previous, next);
        }
        tag(memory, kernelAt, at, false);
        memory.zero(at, S.sizeBytes());
    }

    private static boolean isFree(Memory memory, long kernelAt, long at) {
        long block = at - KernelState.KMEM.get(memory, kernelAt) >>> MIN_ORDER;
        return (memory.u64(KernelState.KMEM_TAGS.get(memory, kernelAt) + (block >>> 6 << 3)) >>> block & 1) != 0;
    }

    private static void tag(Memory memory, long kernelAt, long at, boolean free) {
        long block = at - KernelState.KMEM.get(memory, kernelAt) >>> MIN_ORDER;
        long word = KernelState.KMEM_TAGS.get(memory, kernelAt) + (block >>> 6 << 3);
        long bit = 1L << block;
        memory.u64(word, free ? memory.u64(word) | bit : memory.u64(word) & ~bit);
    }
}
