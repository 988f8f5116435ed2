package calvin.lwk.state;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U64;

/**
 * A range of the heap that was mapped by mmap and has been unmapped; it is used again before the heap is cut further.
 */
public final class HoleStruct {
    // @formatter:off
    public static final Struct S = Struct.named("hole");
    public static final U64 START    = S.u64("start", "va, multiple of 4096");
    public static final U64 END      = S.u64("end", "va of the first byte behind it");
    public static final U64 NEXT     = S.u64("next", "pa of the next hole, 0 = end");
    public static final U64 RESERVED = S.u64("reserved", "zero");
    // @formatter:on
    static {
        S.endsAt(32);
    }

    private HoleStruct() {}
}
