package calvin.machine.nic.verbs;

import calvin.machine.bus.Dma;
import calvin.sim.state.Block;
import calvin.sim.state.Derived;
import calvin.sim.trace.TraceKind;

/** Writes completion queue entries into memory, at the moment they become visible. */
final class Completions {
    private final CardState state;
    private final Block block;
    private final Pipes pipes;
    private final Pairs pairs;
    private final Dma dma;
    /** One entry in the making. */
    @Derived(from = "nothing: filled before every use")
    private final Block entry = new Block(CompletionStruct.BYTES);
    @Derived(from = "nothing: filled before every use")
    private final byte[] bytes = new byte[CompletionStruct.BYTES];

    Completions(CardState state, Pipes pipes, Pairs pairs, Dma dma) {
        this.state = state;
        this.block = state.block;
        this.pipes = pipes;
        this.pairs = pairs;
        this.dma = dma;
    }

    void send(long nowPs, int pair, long id, int opcode, int status, long byteLen, long origin) {
        long at = pairs.at(pair);
        write(nowPs, (int) PairStruct.SEND_CQ.get(block, at), pair, id, opcode, status, byteLen, 0, 0, origin);
    }

    void receive(long nowPs, int pair, long id, int opcode, int status, long byteLen, long immediate, int flags,
            long origin) {
        long at = pairs.at(pair);
        write(nowPs, (int) PairStruct.RECV_CQ.get(block, at), pair, id, opcode, status, byteLen, immediate, flags,
                origin);
    }

    private void write(long nowPs, int cqn, int pair, long id, int opcode, int status, long byteLen, long immediate,
            int flags, long origin) {
        long qpn = PairStruct.QPN.get(block, pairs.at(pair));
        long cq = state.queues.at(cqn - 1);
        if (CompletionQueueStruct.OVERRUN.get(block, cq) != 0 || full(cq)) {
            state.count(Counter.COMPLETIONS_LOST);
            overrun(nowPs, cqn, cq);
            return;
        }
        CompletionStruct.ID.set(entry, 0, id);
        CompletionStruct.BYTE_LEN.set(entry, 0, byteLen);
        CompletionStruct.IMMEDIATE.set(entry, 0, immediate);
        CompletionStruct.QPN.set(entry, 0, qpn);
        CompletionStruct.OPCODE.set(entry, 0, opcode);
        CompletionStruct.STATUS.set(entry, 0, status);
        CompletionStruct.FLAGS.set(entry, 0, flags);
        long producer = CompletionQueueStruct.PRODUCER.get(block, cq);
        int log2 = CompletionQueueStruct.LOG2.get(block, cq);
        CompletionStruct.PHASE.set(entry, 0, (int) (producer >>> log2 & 1) ^ 1);
        entry.read(0, bytes, 0, CompletionStruct.BYTES);
        long pa = CompletionQueueStruct.RING.get(block, cq) + (producer & ((1L << log2) - 1)) * CompletionStruct.BYTES;
        int first = CompletionStruct.FIRST_BYTES;
        // The phase byte last: who sees it sees the rest.
        if (!dma.write(pa, bytes, 0, first) || !dma.write(pa + first, bytes, first, CompletionStruct.BYTES - first)) {
            state.count(Counter.DMA_ERRORS);
            state.count(Counter.COMPLETIONS_LOST);
            overrun(nowPs, cqn, cq);
            return;
        }
        CompletionQueueStruct.PRODUCER.set(block, cq, producer + 1);
        state.count(Counter.COMPLETIONS);
        if (status != Status.SUCCESS) {
            state.count(Counter.COMPLETIONS_IN_ERROR);
        }
        pipes.record(TraceKind.COMPLETION, nowPs, qpn, origin, opcode | status << 8 | byteLen << 32);
    }

    /** Whether there is no room, after a look at the consumer index in memory where the last one read says so. */
    private boolean full(long cq) {
        long entries = 1L << CompletionQueueStruct.LOG2.get(block, cq);
        if (unread(cq) < entries) {
            return false;
        }
        if (!dma.read(CompletionQueueStruct.RECORD.get(block, cq), bytes, 0, 4)) {
            state.count(Counter.DMA_ERRORS);
            return true;
        }
        entry.write(0, bytes, 0, 4);
        CompletionQueueStruct.CONSUMER.set(block, cq, entry.u32(0));
        // An index that no consumer can have reached counts as an overrun too.
        return unread(cq) >= entries;
    }

    private long unread(long cq) {
        return CompletionQueueStruct.PRODUCER.get(block, cq) - CompletionQueueStruct.CONSUMER.get(block, cq)
                & 0xFFFF_FFFFL;
    }

    private void overrun(long nowPs, int cqn, long cq) {
        if (CompletionQueueStruct.OVERRUN.get(block, cq) == 0) {
            CompletionQueueStruct.OVERRUN.set(block, cq, 1);
            state.count(Counter.CQ_OVERRUNS);
            pairs.failUsersOf(nowPs, cqn);
        }
    }
}
