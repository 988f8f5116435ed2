package calvin.machine.nic.verbs;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.U8;

/** A CQ entry as software reads it (docs/adr/0004). */
final class CompletionStruct {
    static final int BYTES = 32;
    /** What is written before the part with the phase byte. */
    static final int FIRST_BYTES = 24;
    static final int SENT = 0;
    static final int WROTE = 1;
    static final int RECEIVED = 128;
    static final int RECEIVED_IMMEDIATE = 129;
    static final int WITH_IMMEDIATE = 2;

    static final Struct S = Struct.named("nic.completion");
    static final U64 ID = S.u64("wr_id", "of the work request");
    static final U32 BYTE_LEN = S.u32("byte_len", "bytes of the message");
    static final U32 IMMEDIATE = S.u32("imm", "immediate data");
    static final U32 QPN = S.u32("qpn", "queue pair");
    static final U32 RESERVED = S.u32("reserved", "zero");
    static final U8 OPCODE = S.u8("opcode", "enum ibv_wc_opcode");
    static final U8 STATUS = S.u8("status", "enum ibv_wc_status");
    static final U8 FLAGS = S.u8("flags", "enum ibv_wc_flags: 2 WITH_IMM");

    static {
        S.reserved(4);
    }

    static final U8 PHASE = S.u8("phase", "1 in the first lap of the ring, 0 in the second");

    static {
        S.endsAt(BYTES);
    }

    private CompletionStruct() {}
}
