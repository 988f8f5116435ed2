package calvin.machine.mem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Off-heap bytes for {@link #FRAMES} frames. The host memory lives as long as this object is reachable, so whoever
 * keeps a host address keeps its slab. A memory that is closed gives back the slabs that it alone has used; a
 * process-wide pool hands them out again.
 */
final class Slab {
    static final int FRAMES = 16;
    static final int FRAME_BYTES = 4096;
    /** At most this many slabs wait for reuse: 256 MiB. */
    private static final int POOL_LIMIT = 4096;

    private static final ConcurrentLinkedDeque<Slab> POOL = new ConcurrentLinkedDeque<>();
    private static final AtomicInteger POOLED = new AtomicInteger();

    private final MemorySegment segment;
    final long host;
    /** Holds bytes of a former owner; frames are cleared when they are handed out. */
    private final boolean used;

    private Slab(MemorySegment segment, boolean used) {
        this.segment = segment;
        this.host = segment.address();
        this.used = used;
    }

    static Slab take() {
        Slab pooled = POOL.pollFirst();
        if (pooled != null) {
            POOLED.decrementAndGet();
            return pooled;
        }
        return new Slab(Arena.ofAuto().allocate((long) FRAMES * FRAME_BYTES, 64), false);
    }

    /** Gives up this slab; the caller holds no address in it any more. */
    void recycle() {
        if (POOLED.get() < POOL_LIMIT) {
            POOLED.incrementAndGet();
            POOL.addFirst(new Slab(segment, true));
        }
    }

    /**
     * Host address of frame {@code index}, all zero unless {@code overwritten} says that the caller sets every byte.
     */
    long frame(int index, boolean overwritten) {
        long at = host + (long) index * FRAME_BYTES;
        if (used && !overwritten) {
            HostMemory.zero(at, FRAME_BYTES);
        }
        return at;
    }
}
