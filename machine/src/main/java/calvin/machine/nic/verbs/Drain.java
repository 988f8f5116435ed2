package calvin.machine.nic.verbs;

import calvin.machine.bus.Dma;
import calvin.sim.state.Block;
import calvin.sim.state.Derived;

/**
 * Completes work requests in posting order, one completion entry per event: acknowledged sends first; then, in ERR,
 * the send that failed, the flushed sends, and the flushed receives.
 */
final class Drain {
    private final CardState state;
    private final Block block;
    private final Pairs pairs;
    private final SendScheduler scheduler;
    private final Completions completions;
    private final Dma dma;
    @Derived(from = "nothing: filled before every use")
    private final byte[] bytes = new byte[16];
    @Derived(from = "nothing: filled before every use")
    private final Block entry = new Block(16);

    Drain(CardState state, Pairs pairs, SendScheduler scheduler, Completions completions, Dma dma) {
        this.state = state;
        this.block = state.block;
        this.pairs = pairs;
        this.scheduler = scheduler;
        this.completions = completions;
        this.dma = dma;
    }

    /** One step; more are armed while there is more to complete. */
    void onDrain(long nowPs, int pair, long generation) {
        if (!pairs.is(pair, generation)) {
            return;
        }
        long at = pairs.at(pair);
        boolean error = PairStruct.STATE.get(block, at) == PairState.ERR;
        long flushFrom = PairStruct.FLUSH_FROM.get(block, at);
        if (completeAcked(nowPs, pair, at)) {
            pairs.drainOn(nowPs, pair);
        } else if (error && nowPs < flushFrom) {
            // Receives that had been done are still on their way to memory.
            pairs.drainAt(flushFrom, pair);
        } else if (error && (flushSend(nowPs, pair, at) || flushReceive(nowPs, pair, at))) {
            pairs.drainOn(nowPs, pair);
        } else {
            PairStruct.DRAINING.set(block, at, 0);
        }
        // It may have waited for its own last message to be done before it could begin another.
        scheduler.wake(pair);
    }

    /**
     * Completes acknowledged messages up to and including the next one that wants an entry; false when there is none
     * left.
     */
    private boolean completeAcked(long nowPs, int pair, long at) {
        while (true) {
            int message = (int) PairStruct.MESSAGE_HEAD.get(block, at) - 1;
            if (message < 0 || MessageStruct.ACKED.get(block, state.messages.at(message)) == 0) {
                return false;
            }
            long messageAt = state.messages.at(message);
            boolean signaled = (MessageStruct.FLAGS.get(block, messageAt) & WorkStruct.SIGNALED) != 0;
            long id = MessageStruct.ID.get(block, messageAt);
            int opcode = WorkStruct.completionOpcode(MessageStruct.OPCODE.get(block, messageAt));
            long length = MessageStruct.LENGTH.get(block, messageAt);
            long origin = MessageStruct.ORIGIN.get(block, messageAt);
            PairStruct.COMPLETED.set(block, at, MessageStruct.INDEX.get(block, messageAt) + 1);
            removeHead(at, message);
            if (signaled) {
                completions.send(nowPs, pair, id, opcode, Status.SUCCESS, length, origin);
                return true;
            }
        }
    }

    private void removeHead(long at, int message) {
        long next = MessageStruct.NEXT.get(block, state.messages.at(message));
        state.messages.give(message);
        PairStruct.MESSAGE_HEAD.set(block, at, next);
        if (next == 0) {
            PairStruct.MESSAGE_TAIL.set(block, at, 0);
        }
        if (PairStruct.CURSOR_MESSAGE.get(block, at) == message + 1) {
            PairStruct.CURSOR_MESSAGE.set(block, at, 0);
        }
    }

    /** Completes the oldest send entry with an error; false when there is none. */
    private boolean flushSend(long nowPs, int pair, long at) {
        int message = (int) PairStruct.MESSAGE_HEAD.get(block, at) - 1;
        if (message >= 0) {
            removeHead(at, message);
        }
        long index = PairStruct.COMPLETED.get(block, at);
        if (index == PairStruct.PRODUCER.get(block, at)) {
            return false;
        }
        PairStruct.COMPLETED.set(block, at, index + 1);
        int failed = PairStruct.FAILED_STATUS.get(block, at);
        PairStruct.FAILED_STATUS.set(block, at, 0);
        long slot = index & ((1L << PairStruct.SQ_LOG2.get(block, at)) - 1);
        readId(PairStruct.SQ.get(block, at) + slot * WorkStruct.BYTES);
        int status = failed != 0 ? failed : Status.WR_FLUSH_ERR;
        completions.send(nowPs, pair, entry.u64(8), WorkStruct.completionOpcode(entry.u8(0)), status, 0, -1);
        return true;
    }

    private boolean flushReceive(long nowPs, int pair, long at) {
        if (PairStruct.HOLDS_RECEIVE.get(block, at) != 0) {
            PairStruct.HOLDS_RECEIVE.set(block, at, 0);
            long id = PairStruct.RECEIVE_ID.get(block, at);
            completions.receive(nowPs, pair, id, CompletionStruct.RECEIVED, Status.WR_FLUSH_ERR, 0, 0, 0, -1);
            return true;
        }
        long consumed = PairStruct.RQ_CONSUMED.get(block, at);
        readId(PairStruct.RECORD.get(block, at));
        long posted = entry.u32(0) - consumed & 0xFFFF_FFFFL;
        long entries = 1L << PairStruct.RQ_LOG2.get(block, at);
        if (posted == 0 || posted > entries) {
            return false;
        }
        PairStruct.RQ_CONSUMED.set(block, at, consumed + 1);
        readId(PairStruct.RQ.get(block, at) + (consumed & (entries - 1)) * ReceiveWorkStruct.BYTES);
        completions.receive(nowPs, pair, entry.u64(0), CompletionStruct.RECEIVED, Status.WR_FLUSH_ERR, 0, 0, 0, -1);
        return true;
    }

    /** Reads the first words of an entry or record into {@link #entry}; zeros where there is no memory. */
    private void readId(long pa) {
        entry.zero(0, bytes.length);
        if (dma.read(pa, bytes, 0, 8)) {
            entry.write(0, bytes, 0, 8);
        } else {
            state.count(Counter.DMA_ERRORS);
        }
        if (dma.read(pa + 8, bytes, 0, 8)) {
            entry.write(8, bytes, 0, 8);
        }
    }
}
