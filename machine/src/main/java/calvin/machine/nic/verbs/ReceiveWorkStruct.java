package calvin.machine.nic.verbs;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/** An RQ entry as software writes it (docs/adr/0004). */
final class ReceiveWorkStruct {
    static final int BYTES = 64;
    static final int MAX_SEGMENTS = 3;
    static final int SEGMENT_BYTES = 16;
    static final int SEGMENTS_AT = 16;

    static final Struct S = Struct.named("nic.receive_work");
    static final U64 ID = S.u64("wr_id", "for the completion");
    static final U32 SEGMENTS = S.u32("segments", "scatter entries");

    static {
        S.reserved(4);
        S.reserved(MAX_SEGMENTS * SEGMENT_BYTES);
        S.endsAt(BYTES);
    }

    private ReceiveWorkStruct() {}
}
