package calvin.machine.nic.verbs;

import calvin.sim.check.Check;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * Entries of one size in the card's block. Every entry begins with {@code u32 next} (free list, or a list of the
 * owner's; index plus one, 0 ends) and a {@code u32} of the owner's, then {@code u64 generation}: 0 while the entry
 * is free, else a number no other entry of the card ever had, which an event carries to find out whether the entry is
 * still the one it meant.
 *
 * <p>A pool of zeros is a pool with every entry free. Only entries below the high-water mark are saved.
 */
final class Pool {
    static final int HEADER_BYTES = 16;
    /** The pool's own words, which precede its entries: free list head, high-water mark, entries in use. */
    private static final int OWN_BYTES = 16;
    private static final int FREE_AT = 0;
    private static final int HIGH_AT = 4;
    private static final int USED_AT = 8;
    private static final int GENERATION_AT = 8;

    private final Block block;
    private final int ownAt;
    private final int entriesAt;
    private final int entryBytes;
    private final int capacity;

    Pool(Block block, int at, int entryBytes, int capacity) {
        Check.that(entryBytes % 8 == 0 && at % 8 == 0, "pool is not aligned", at, entryBytes);
        this.block = block;
        this.ownAt = at;
        this.entriesAt = at + OWN_BYTES;
        this.entryBytes = entryBytes;
        this.capacity = capacity;
    }

    static int sizeBytes(int entryBytes, int capacity) {
        return OWN_BYTES + entryBytes * capacity;
    }

    int capacity() {
        return capacity;
    }

    /** Entries in use. */
    int used() {
        return (int) block.u32(ownAt + USED_AT);
    }

    int free() {
        return capacity - used();
    }

    /** One past the highest index that has ever been in use: a bound for walks over the pool. */
    int highWater() {
        return (int) block.u32(ownAt + HIGH_AT);
    }

    /** Offset of an entry in the block. */
    long at(int index) {
        Check.that(index >= 0 && index < capacity, "pool index", index, capacity);
        return entriesAt + (long) entryBytes * index;
    }

    /** Whether an entry is in use. */
    boolean inUse(int index) {
        return block.u64(at(index) + GENERATION_AT) != 0;
    }

    long generation(int index) {
        return block.u64(at(index) + GENERATION_AT);
    }

    /** Takes a free entry, all zero except its generation; -1 when there is none. */
    int take() {
        long head = block.u32(ownAt + FREE_AT);
        int index;
        if (head != 0) {
            index = (int) head - 1;
            block.u32(ownAt + FREE_AT, block.u32(at(index)));
        } else if (highWater() < capacity) {
            index = highWater();
            block.u32(ownAt + HIGH_AT, index + 1);
        } else {
            return -1;
        }
        block.u32(ownAt + USED_AT, used() + 1);
        long at = at(index);
        block.u32(at, 0);
        block.u64(at + GENERATION_AT, CardState.nextGeneration(block));
        return index;
    }

    /** Clears an entry and gives it back. */
    void give(int index) {
        Check.that(inUse(index), "pool entry is free already", index);
        long at = at(index);
        block.zero(at, entryBytes);
        block.u32(at, block.u32(ownAt + FREE_AT));
        block.u32(ownAt + FREE_AT, index + 1);
        block.u32(ownAt + USED_AT, used() - 1);
    }

    /**
     * Clears an entry from offset {@code from} on and gives it a new generation: events for the old one find nobody.
     */
    void renew(int index, int from) {
        long at = at(index);
        block.zero(at + from, entryBytes - from);
        block.u64(at + GENERATION_AT, CardState.nextGeneration(block));
    }

    void save(StateWriter out, byte[] buffer) {
        out.u64(block.u64(ownAt));
        out.u64(block.u64(ownAt + USED_AT));
        int end = highWater();
        for (int i = 0; i < end; i++) {
            block.read(at(i), buffer, 0, entryBytes);
            out.bytes(buffer, 0, entryBytes);
        }
    }

    /** Into a block of zeros. */
    void load(StateReader in, byte[] buffer) {
        block.u64(ownAt, in.u64());
        block.u64(ownAt + USED_AT, in.u64());
        int end = highWater();
        for (int i = 0; i < end; i++) {
            in.bytes(buffer, 0, entryBytes);
            block.write(at(i), buffer, 0, entryBytes);
        }
    }
}
