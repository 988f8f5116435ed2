package calvin.machine.virtio.queue;

import calvin.machine.bus.Dma;

/**
 * The buffers of one descriptor chain: pieces the device may read, then pieces it may write. Reused from chain to
 * chain; holds nothing between events.
 *
 * <p>Positions count from the beginning of the readable or of the writable part, whatever the driver's division into
 * descriptors is (virtio 1.2, 2.7.4: message framing).
 */
public final class Chain {
    /** Bounds the walk; also QEMU's limit. */
    static final int MAX_PIECES = 1024;

    private final Dma dma;
    private final long[] pas = new long[MAX_PIECES];
    private final long[] lengths = new long[MAX_PIECES];
    private int readablePieces;
    private int pieces;
    private long readableBytes;
    private long writableBytes;

    public Chain(Dma dma) {
        this.dma = dma;
    }

    void clear() {
        readablePieces = 0;
        pieces = 0;
        readableBytes = 0;
        writableBytes = 0;
    }

    /** False when the chain breaks a rule: too many pieces, or a readable piece behind a writable one. */
    boolean add(long pa, long length, boolean writable) {
        if (pieces == MAX_PIECES || !writable && readablePieces != pieces) {
            return false;
        }
        pas[pieces] = pa;
        lengths[pieces] = length;
        pieces++;
        if (writable) {
            writableBytes += length;
        } else {
            readablePieces++;
            readableBytes += length;
        }
        return true;
    }

    /** Bytes the device may read. At most 2^42. */
    public long readableBytes() {
        return readableBytes;
    }

    /** Bytes the device may write. At most 2^42. */
    public long writableBytes() {
        return writableBytes;
    }

    /** Reads from the readable part; false when it ends before, or when a piece is not memory. */
    public boolean read(long at, byte[] into, int offset, int length) {
        return move(0, readablePieces, at, into, offset, length, false);
    }

    /** Writes to the writable part; false when it ends before, or when a piece is not memory. */
    public boolean write(long at, byte[] from, int offset, int length) {
        return move(readablePieces, pieces, at, from, offset, length, true);
    }

    private boolean move(int first, int end, long at, byte[] bytes, int offset, int length, boolean write) {
        long skip = at;
        int done = 0;
        for (int i = first; i < end && done < length; i++) {
            if (skip >= lengths[i]) {
                skip -= lengths[i];
                continue;
            }
            int part = (int) Math.min(lengths[i] - skip, length - done);
            boolean moved = write
                    ? dma.write(pas[i] + skip, bytes, offset + done, part)
                    : dma.read(pas[i] + skip, bytes, offset + done, part);
            if (!moved) {
                return false;
            }
            done += part;
            skip = 0;
        }
        return done == length;
    }
}
