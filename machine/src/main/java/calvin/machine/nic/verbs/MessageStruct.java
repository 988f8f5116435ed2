package calvin.machine.nic.verbs;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.U8;

/**
 * A message begun and not yet completed: what its ACK and its completion need when its SQ entry is no longer in the
 * card.
 */
final class MessageStruct {
    static final Struct S = Struct.named("nic.message");
    static final U32 NEXT = S.u32("next", "free list, or the queue pair's next message");
    static final U32 INDEX = S.u32("index", "of its SQ entry");
    static final U64 GENERATION = S.u64("generation", "0 while free");
    static final U64 ID = S.u64("wr_id", "of its SQ entry");
    static final U64 ORIGIN = S.u64("origin", "of the frame that acknowledged it");
    static final U32 FIRST_PSN = S.u32("first_psn", "of its first packet");
    static final U32 LAST_PSN = S.u32("last_psn", "of its last packet");
    static final U32 LENGTH = S.u32("length", "bytes");
    static final U8 OPCODE = S.u8("opcode", "of its SQ entry");
    static final U8 FLAGS = S.u8("flags", "of its SQ entry");
    static final U8 ACKED = S.u8("acked", "1 when all of it is acknowledged");

    static {
        S.reserved(1);
        S.endsAt(48);
    }

    private MessageStruct() {}
}
