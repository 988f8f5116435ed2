package calvin.machine.nic.verbs;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U16;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.U8;

/**
 * A write to memory on its way: a part of a packet's payload (its bytes are in the LAND event) or a receive's
 * completion.
 */
final class LandingStruct {
    static final int PAYLOAD = 1;
    static final int COMPLETION = 2;

    static final Struct S = Struct.named("nic.landing");
    static final U32 NEXT = S.u32("next", "free list");
    static final U32 PAIR = S.u32("pair", "index of the queue pair");
    static final U64 GENERATION = S.u64("generation", "0 while free");
    static final U64 PAIR_GENERATION = S.u64("pair_generation", "of the queue pair");
    static final U64 ORIGIN = S.u64("origin", "of the frame");
    static final U64 PA = S.u64("pa", "payload: where it goes; completion: wr_id");
    static final U32 KEY = S.u32("key", "payload: region it goes to; completion: immediate data");
    static final U32 LENGTH = S.u32("length", "payload: bytes; completion: byte_len");
    static final U32 TOTAL = S.u32("total", "payload: bytes of the whole packet in its last part, else 0");
    static final U16 FRAME_AT = S.u16("frame_at", "payload: where it begins in the frame");
    static final U8 KIND = S.u8("kind", "PAYLOAD or COMPLETION");
    static final U8 OPCODE = S.u8("opcode", "of the completion");
    static final U8 STATUS = S.u8("status", "of the completion");
    static final U8 FLAGS = S.u8("flags", "of the completion");

    static {
        S.reserved(6);
        S.endsAt(64);
    }

    private LandingStruct() {}
}
