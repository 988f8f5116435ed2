package calvin.lwk.state;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/** An object of the RDMA card that an open file owns. */
public final class RdmaObjectStruct {
    // @formatter:off
    public static final Struct S = Struct.named("rdma_object");
    public static final U64 NEXT    = S.u64("next", "pa of the object made before it, 0 = end");
    public static final U32 NUMBER  = S.u32("number", "pd, key, cqn or qpn");
    public static final U32 DESTROY = S.u32("destroy", "opcode of the command that destroys it; says what it is");
    // @formatter:on
    static {
        S.endsAt(16);
    }

    private RdmaObjectStruct() {}
}
