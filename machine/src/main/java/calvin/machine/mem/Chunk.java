package calvin.machine.mem;

/**
 * Where the frames of 2 MiB of memory are. A chunk that has become {@code shared} is immutable; a memory that wants to
 * write below it takes a copy of the table first, in which it owns no frame.
 */
final class Chunk {
    static final int SHIFT = 9;
    static final int FRAMES = 1 << SHIFT;
    static final int MASK = FRAMES - 1;

    /** Host address by frame, or 0 where nothing has been written. */
    final long[] host;
    /** Keeps the frames' bytes alive. */
    final Slab[] slabs;
    /** Bit set: the frame belongs to the one memory that holds this chunk. */
    final long[] owned = new long[FRAMES / 64];
    boolean shared;

    Chunk() {
        host = new long[FRAMES];
        slabs = new Slab[FRAMES];
    }

    private Chunk(long[] host, Slab[] slabs) {
        this.host = host;
        this.slabs = slabs;
    }

    Chunk copy() {
        return new Chunk(host.clone(), slabs.clone());
    }

    boolean owns(int frame) {
        return !shared && (owned[frame >>> 6] >>> frame & 1) != 0;
    }
}
