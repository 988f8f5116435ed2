package calvin.lwk.abi;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/** One range of physical memory handed to the kernel. */
public final class MemoryStruct {
    /** Every byte outside the boot parameters and images is known to be zero. */
    public static final int FLAG_ZEROED = 1;

    // @formatter:off
    public static final Struct S = Struct.named("boot_memory");
    public static final U64 BASE  = S.u64("base", "pa, multiple of 4096");
    public static final U64 BYTES = S.u64("bytes", "size, multiple of 4096");
    public static final U32 NUMA  = S.u32("numa", "NUMA node");
    public static final U32 FLAGS = S.u32("flags", "FLAG_* bits");
    // @formatter:on
    static {
        S.endsAt(24);
    }

    private MemoryStruct() {}
}
