package calvin.lwk.state;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.Bytes;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/** A range of physical memory with one use. Ranges do not overlap; neighbours with equal attributes are merged. */
public final class PmemStruct {
    public static final int NAME_BYTES = 32;

    // @formatter:off
    public static final Struct S = Struct.named("pmem");
    public static final U64 START     = S.u64("start", "pa");
    public static final U64 END       = S.u64("end", "pa of the first byte behind it");
    public static final U64 NEXT      = S.u64("next", "pa of the next range, 0 = end");
    public static final U32 TYPE      = S.u32("type", "PmemType code");
    public static final U32 NUMA      = S.u32("numa", "NUMA node");
    public static final U32 ALLOCATED = S.u32("allocated", "1: somebody uses it");
    public static final U32 CLEAN     = S.u32("clean", "1: known to be zero");
    public static final U64 RESERVED  = S.u64("reserved", "zero");
    public static final Bytes NAME    = S.bytes("name", NAME_BYTES, "zero-terminated, empty = none");
    // @formatter:on
    static {
        S.endsAt(80);
    }

    private PmemStruct() {}
}
