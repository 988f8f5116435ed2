package calvin.machine.nic.verbs;

import calvin.machine.bus.Dma;
import calvin.machine.nic.roce.Packet;
import calvin.sim.state.Block;
import calvin.sim.state.Derived;
import calvin.sim.trace.TraceKind;
import java.util.Arrays;

/**
 * Which queue pair sends next. Two first-in first-out lists: queue pairs that want an SQ entry fetched, and queue
 * pairs that have a packet to send; each is served one entry or one packet at a time and goes to the end, so they
 * take turns. A queue pair that cannot send now holds no work slot and stands in no list: nobody waits for a peer
 * that does not answer.
 */
final class SendScheduler {
    /** Values of a queue pair's ACTIVE field. */
    private static final int ACTIVE = 1;
    private static final int STARVED = 2;

    private final CardState state;
    private final Block block;
    private final Pipes pipes;
    private final Dma dma;
    @Derived(from = "nothing: filled before every use")
    private final byte[] scratch = new byte[WorkStruct.BYTES];

    SendScheduler(CardState state, Pipes pipes, Dma dma) {
        this.state = state;
        this.block = state.block;
        this.pipes = pipes;
        this.dma = dma;
    }

    /** Whether a queue pair has something to send and nothing keeps it from sending. */
    boolean canSend(int pair) {
        long at = state.pairs.at(pair);
        int status = PairStruct.STATE.get(block, at);
        return PairState.sends(status) && PairStruct.RNR_WAIT.get(block, at) == 0
                && PairStruct.STUCK_STATUS.get(block, at) == 0
                && PairStruct.CURSOR.get(block, at) != PairStruct.PRODUCER.get(block, at)
                && (status != PairState.SQD || PairStruct.CURSOR_MESSAGE.get(block, at) != 0) && !windowClosed(at);
    }

    /** Whether a queue pair has to wait for room to begin its next message. Its first has a place of its own. */
    private boolean starved(long at) {
        return PairStruct.CURSOR_MESSAGE.get(block, at) == 0 && PairStruct.MESSAGE_HEAD.get(block, at) != 0
                && state.messages.free() <= state.spec.queuePairs();
    }

    private boolean windowClosed(long at) {
        int next = (int) PairStruct.NEXT_PSN.get(block, at);
        return PairStruct.CURSOR_PSN.get(block, at) == next
                && Packet.psnDistance(next, (int) PairStruct.UNACKED_PSN.get(block, at)) >= state.spec
                        .outstandingPackets();
    }

    /** Looks at a queue pair again after something has changed, and puts it where it belongs. */
    void wake(int pair) {
        long at = state.pairs.at(pair);
        if (!canSend(pair) || starved(at)) {
            releaseWork(pair);
            if (canSend(pair) && PairStruct.ACTIVE.get(block, at) == 0) {
                PairStruct.ACTIVE.set(block, at, STARVED);
                append(pair, PairStruct.ACTIVE_NEXT.offset(), CardStruct.STARVED_HEAD.offset(),
                        CardStruct.STARVED_TAIL.offset());
            }
            return;
        }
        if (wantsWork(at) && PairStruct.FETCHING.get(block, at) == 0) {
            PairStruct.FETCHING.set(block, at, 1);
            append(pair, PairStruct.FETCH_NEXT.offset(), CardStruct.FETCH_HEAD.offset(),
                    CardStruct.FETCH_TAIL.offset());
        }
        if (hasWork(at) && PairStruct.ACTIVE.get(block, at) != ACTIVE) {
            leaveStarved(pair, at);
            PairStruct.ACTIVE.set(block, at, ACTIVE);
            append(pair, PairStruct.ACTIVE_NEXT.offset(), CardStruct.ACTIVE_HEAD.offset(),
                    CardStruct.ACTIVE_TAIL.offset());
        }
    }

    private void leaveStarved(int pair, long at) {
        if (PairStruct.ACTIVE.get(block, at) == STARVED) {
            removeActive(pair);
        }
    }

    private boolean wantsWork(long at) {
        long count = PairStruct.WORK_COUNT.get(block, at);
        long ahead = PairStruct.STATE.get(block, at) == PairState.SQD ? 1 : state.spec.workAhead();
        return count < ahead
                && (int) (PairStruct.CURSOR.get(block, at) + count) != (int) PairStruct.PRODUCER.get(block, at);
    }

    /** Whether the cursor's entry is in the card. */
    private boolean hasWork(long at) {
        int head = (int) PairStruct.WORK_HEAD.get(block, at) - 1;
        return head >= 0 && SlotStruct.ARRIVED.get(block, state.slots.at(head)) != 0;
    }

    /** The next queue pair to send a packet, without taking it off its list, or -1. */
    int peekActive() {
        while (true) {
            int pair = (int) CardStruct.ACTIVE_HEAD.get(block, 0) - 1;
            if (pair < 0 || ready(pair)) {
                return pair;
            }
            removeActive(pair);
            wake(pair);
        }
    }

    private boolean ready(int pair) {
        long at = state.pairs.at(pair);
        return canSend(pair) && !starved(at) && hasWork(at);
    }

    /** Lets queue pairs that waited for room to begin a message try again, in turn. */
    void feed() {
        while (CardStruct.STARVED_HEAD.get(block, 0) != 0 && state.messages.free() > state.spec.queuePairs()) {
            int pair = (int) CardStruct.STARVED_HEAD.get(block, 0) - 1;
            removeActive(pair);
            wake(pair);
        }
    }

    /** Takes the head off the list of queue pairs that have a packet. */
    void takeActive() {
        removeActive((int) CardStruct.ACTIVE_HEAD.get(block, 0) - 1);
    }

    /** Starts as many SQ fetches as there are slots. */
    void fetch(long nowPs) {
        while (state.slots.free() > 0) {
            int pair = (int) CardStruct.FETCH_HEAD.get(block, 0) - 1;
            if (pair < 0) {
                return;
            }
            removeFetching(pair);
            long at = state.pairs.at(pair);
            if (canSend(pair) && !starved(at) && wantsWork(at)) {
                fetchOne(nowPs, pair, at);
            }
            wake(pair);
        }
    }

    private void fetchOne(long nowPs, int pair, long at) {
        int slot = state.slots.take();
        long slotAt = state.slots.at(slot);
        int index = (int) (PairStruct.CURSOR.get(block, at) + PairStruct.WORK_COUNT.get(block, at));
        SlotStruct.PAIR.set(block, slotAt, pair);
        SlotStruct.INDEX.set(block, slotAt, index);
        readWork(at, index);
        block.write(slotAt + SlotStruct.ENTRY_AT, scratch, 0, WorkStruct.BYTES);
        int tail = (int) PairStruct.WORK_TAIL.get(block, at) - 1;
        if (tail < 0) {
            PairStruct.WORK_HEAD.set(block, at, slot + 1);
        } else {
            SlotStruct.NEXT.set(block, state.slots.at(tail), slot + 1);
        }
        PairStruct.WORK_TAIL.set(block, at, slot + 1);
        PairStruct.WORK_COUNT.set(block, at, PairStruct.WORK_COUNT.get(block, at) + 1);
        pipes.at(pipes.readDone(nowPs, WorkStruct.BYTES), Pipes.WORK, slot, state.slots.generation(slot), null);
        state.count(Counter.WORK_FETCHED);
    }

    /** Reads an SQ entry into {@link #scratch}; one that is not memory reads as an entry with an unknown opcode. */
    private void readWork(long at, int index) {
        long entry = index & ((1L << PairStruct.SQ_LOG2.get(block, at)) - 1);
        if (!dma.read(PairStruct.SQ.get(block, at) + entry * WorkStruct.BYTES, scratch, 0, WorkStruct.BYTES)) {
            Arrays.fill(scratch, (byte) -1);
            state.count(Counter.DMA_ERRORS);
        }
    }

    /** A fetch has ended. */
    void onWork(long nowPs, int slot, long generation) {
        if (state.slots.generation(slot) != generation) {
            return;
        }
        long slotAt = state.slots.at(slot);
        int pair = (int) SlotStruct.PAIR.get(block, slotAt);
        SlotStruct.ARRIVED.set(block, slotAt, 1);
        long entryAt = slotAt + SlotStruct.ENTRY_AT;
        long key = PairStruct.QPN.get(block, state.pairs.at(pair)) << 32 | SlotStruct.INDEX.get(block, slotAt);
        pipes.record(TraceKind.WORK_FETCHED, nowPs, key, WorkStruct.OPCODE.get(block, entryAt),
                WorkStruct.messageBytes(block, entryAt));
        wake(pair);
    }

    /** Gives the cursor entry's slot back: its last packet has been made. */
    void releaseHead(int pair) {
        long at = state.pairs.at(pair);
        int head = (int) PairStruct.WORK_HEAD.get(block, at) - 1;
        long next = SlotStruct.NEXT.get(block, state.slots.at(head));
        state.slots.give(head);
        PairStruct.WORK_HEAD.set(block, at, next);
        if (next == 0) {
            PairStruct.WORK_TAIL.set(block, at, 0);
        }
        PairStruct.WORK_COUNT.set(block, at, PairStruct.WORK_COUNT.get(block, at) - 1);
    }

    /** Gives all slots of a queue pair back; it fetches again when it can send. */
    void releaseWork(int pair) {
        while (PairStruct.WORK_HEAD.get(block, state.pairs.at(pair)) != 0) {
            releaseHead(pair);
        }
    }

    /**
     * Makes the scheduler forget a queue pair: it leaves all lists, and its packets in the pipeline will not be sent.
     */
    void forget(int pair) {
        long at = state.pairs.at(pair);
        releaseWork(pair);
        if (PairStruct.ACTIVE.get(block, at) != 0) {
            removeActive(pair);
        }
        if (PairStruct.FETCHING.get(block, at) != 0) {
            removeFetching(pair);
        }
        PairStruct.EPOCH.set(block, at, PairStruct.EPOCH.get(block, at) + 1);
    }

    private void removeActive(int pair) {
        long at = state.pairs.at(pair);
        boolean starved = PairStruct.ACTIVE.get(block, at) == STARVED;
        PairStruct.ACTIVE.set(block, at, 0);
        remove(pair, PairStruct.ACTIVE_NEXT.offset(),
                starved ? CardStruct.STARVED_HEAD.offset() : CardStruct.ACTIVE_HEAD.offset(),
                starved ? CardStruct.STARVED_TAIL.offset() : CardStruct.ACTIVE_TAIL.offset());
    }

    private void removeFetching(int pair) {
        PairStruct.FETCHING.set(block, state.pairs.at(pair), 0);
        remove(pair, PairStruct.FETCH_NEXT.offset(), CardStruct.FETCH_HEAD.offset(), CardStruct.FETCH_TAIL.offset());
    }

    private void append(int pair, int next, int head, int tail) {
        block.u32(state.pairs.at(pair) + next, 0);
        int last = (int) block.u32(tail) - 1;
        block.u32(last < 0 ? head : state.pairs.at(last) + next, pair + 1);
        block.u32(tail, pair + 1);
    }

    private void remove(int pair, int next, int head, int tail) {
        int before = -1;
        int walk = (int) block.u32(head) - 1;
        while (walk != pair) {
            before = walk;
            walk = (int) block.u32(state.pairs.at(walk) + next) - 1;
        }
        long after = block.u32(state.pairs.at(pair) + next);
        block.u32(before < 0 ? head : state.pairs.at(before) + next, after);
        if (after == 0) {
            block.u32(tail, before + 1);
        }
        block.u32(state.pairs.at(pair) + next, 0);
    }
}
