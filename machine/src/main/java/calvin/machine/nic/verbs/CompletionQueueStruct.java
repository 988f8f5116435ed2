package calvin.machine.nic.verbs;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.U8;

/** A completion queue's context; its number is its pool index plus one. */
final class CompletionQueueStruct {
    static final Struct S = Struct.named("nic.cq");
    static final U32 NEXT = S.u32("next", "free list");
    static final U32 USERS = S.u32("users", "send and receive queues that complete here");
    static final U64 GENERATION = S.u64("generation", "0 while free");
    static final U64 RING = S.u64("ring", "pa of entry 0");
    static final U64 RECORD = S.u64("record", "pa of the doorbell record");
    static final U32 PRODUCER = S.u32("producer", "entries written, free-running");
    static final U32 CONSUMER = S.u32("consumer", "consumer index when the record was last read");
    static final U32 UAR = S.u32("uar", "user access page of its owner");
    static final U8 LOG2 = S.u8("log2", "log2 of its entries");
    static final U8 OVERRUN = S.u8("overrun", "1 when it has overrun: nothing more is written");

    static {
        S.reserved(2);
        S.endsAt(48);
    }

    private CompletionQueueStruct() {}
}
