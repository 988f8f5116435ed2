package calvin.machine.nic.verbs;

import calvin.machine.bus.Dma;
import calvin.sim.state.Block;
import calvin.sim.state.Derived;

/**
 * Receive entries. Software posts them without telling the card, by a doorbell record in memory, so the card reads
 * the record: in the background when it knows of few entries, and while a packet waits when it knows of none. Entries
 * it knows of are fetched ahead.
 */
final class ReceiveQueue {
    /** Results of {@link #take} other than a delay. */
    static final long EMPTY = -1;
    static final long BROKEN = -2;

    /** The record is read again when fewer entries than this are known. */
    private static final int LOW_ENTRIES = 4;

    private final CardState state;
    private final Block block;
    private final Pipes pipes;
    private final Pairs pairs;
    private final Dma dma;
    @Derived(from = "nothing: filled before every use")
    private final byte[] bytes = new byte[ReceiveWorkStruct.BYTES];
    @Derived(from = "nothing: filled before every use")
    private final Block entry = new Block(ReceiveWorkStruct.BYTES);

    ReceiveQueue(CardState state, Pipes pipes, Pairs pairs, Dma dma) {
        this.state = state;
        this.block = state.block;
        this.pipes = pipes;
        this.pairs = pairs;
        this.dma = dma;
    }

    /**
     * Takes the next receive entry into the queue pair's context.
     *
     * @return how long the packet waits for it, {@link #EMPTY}, or {@link #BROKEN} for an entry that means nothing
     */
    long take(long nowPs, int pair) {
        long at = pairs.at(pair);
        long wait = 0;
        long consumed = PairStruct.RQ_CONSUMED.get(block, at);
        if (consumed == PairStruct.RQ_KNOWN.get(block, at)) {
            readRecord(at);
            if (consumed == PairStruct.RQ_KNOWN.get(block, at)) {
                return EMPTY;
            }
            // First the record, then the entry.
            wait = 2 * state.spec.dmaReadPs();
            learned(nowPs + wait, at, consumed);
        } else if ((int) (consumed - PairStruct.RQ_FETCHED.get(block, at)) >= 0) {
            wait = Math.max(0, PairStruct.RQ_READY.get(block, at) - nowPs);
        }
        pipes.readDone(nowPs, ReceiveWorkStruct.BYTES);
        long slot = consumed & ((1L << PairStruct.RQ_LOG2.get(block, at)) - 1);
        PairStruct.RQ_CONSUMED.set(block, at, consumed + 1);
        PairStruct.RECEIVED.set(block, at, 0);
        boolean whole = load(at, PairStruct.RQ.get(block, at) + slot * ReceiveWorkStruct.BYTES);
        PairStruct.HOLDS_RECEIVE.set(block, at, 1);
        refreshIfLow(nowPs, pair);
        return whole ? wait : BROKEN;
    }

    private boolean load(long at, long pa) {
        if (!dma.read(pa, bytes, 0, ReceiveWorkStruct.BYTES)) {
            state.count(Counter.DMA_ERRORS);
            PairStruct.RECEIVE_ID.set(block, at, 0);
            return false;
        }
        entry.write(0, bytes, 0, ReceiveWorkStruct.BYTES);
        PairStruct.RECEIVE_ID.set(block, at, ReceiveWorkStruct.ID.get(entry, 0));
        long segments = ReceiveWorkStruct.SEGMENTS.get(entry, 0);
        PairStruct.SEGMENTS.set(block, at, (int) Math.min(segments, ReceiveWorkStruct.MAX_SEGMENTS));
        block.write(at + PairStruct.SEGMENT_VA0.offset(), bytes, ReceiveWorkStruct.SEGMENTS_AT,
                ReceiveWorkStruct.MAX_SEGMENTS * ReceiveWorkStruct.SEGMENT_BYTES);
        return segments <= ReceiveWorkStruct.MAX_SEGMENTS;
    }

    /** Starts a read of the record in the background when few entries are known. */
    void refreshIfLow(long nowPs, int pair) {
        long at = pairs.at(pair);
        long known = PairStruct.RQ_KNOWN.get(block, at) - PairStruct.RQ_CONSUMED.get(block, at) & 0xFFFF_FFFFL;
        long low = Math.clamp((1L << PairStruct.RQ_LOG2.get(block, at)) / 2, 1, LOW_ENTRIES);
        if (known < low && PairStruct.REFRESHING.get(block, at) == 0) {
            PairStruct.REFRESHING.set(block, at, 1);
            pipes.at(pipes.readDone(nowPs, 8), Pipes.REFRESH, pair, state.pairs.generation(pair), null);
        }
    }

    void onRefresh(long nowPs, int pair, long generation) {
        if (!pairs.is(pair, generation)) {
            return;
        }
        long at = pairs.at(pair);
        long before = PairStruct.RQ_KNOWN.get(block, at);
        PairStruct.REFRESHING.set(block, at, 0);
        readRecord(at);
        if (PairStruct.RQ_KNOWN.get(block, at) != before) {
            learned(nowPs + state.spec.dmaReadPs(), at, before);
        }
    }

    /** Entries from {@code before} on have become known and are in the card at {@code readyPs}. */
    private void learned(long readyPs, long at, long before) {
        PairStruct.RQ_FETCHED.set(block, at, before);
        PairStruct.RQ_READY.set(block, at, readyPs);
    }

    private void readRecord(long at) {
        state.count(Counter.RECEIVE_RECORDS_READ);
        if (!dma.read(PairStruct.RECORD.get(block, at), bytes, 0, 4)) {
            state.count(Counter.DMA_ERRORS);
            return;
        }
        entry.write(0, bytes, 0, 4);
        long producer = entry.u32(0);
        long consumed = PairStruct.RQ_CONSUMED.get(block, at);
        // ours: an index that software cannot have reached is not believed.
        if ((producer - consumed & 0xFFFF_FFFFL) <= 1L << PairStruct.RQ_LOG2.get(block, at)) {
            PairStruct.RQ_KNOWN.set(block, at, producer);
        }
    }
}
