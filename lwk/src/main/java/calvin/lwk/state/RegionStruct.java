package calvin.lwk.state;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.Bytes;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/** A range of an address space with one page size and one set of rights, mapped to contiguous physical memory. */
public final class RegionStruct {
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int EXEC = 4;
    /** The physical memory is user memory that was allocated for this region and goes with it. */
    public static final int OWNED = 0x1000;
    public static final int HEAP = 0x100;
    /** Registers of a device. */
    public static final int DEVICE = 0x200;
    public static final int NAME_BYTES = 16;

    // @formatter:off
    public static final Struct S = Struct.named("region");
    public static final U64 START     = S.u64("start", "va, multiple of page_bytes");
    public static final U64 END       = S.u64("end", "va of the first byte behind it");
    public static final U64 PAGE      = S.u64("page_bytes", "4 KiB, 2 MiB or 1 GiB");
    public static final U64 PMEM      = S.u64("pmem", "pa that start is mapped to");
    public static final U64 NEXT      = S.u64("next", "pa of the next region, 0 = end");
    public static final U32 FLAGS     = S.u32("flags", "READ, WRITE, EXEC, HEAP, DEVICE, OWNED");
    public static final U32 RESERVED  = S.u32("reserved", "zero");
    public static final Bytes NAME    = S.bytes("name", NAME_BYTES, "zero-terminated");
    // @formatter:on
    static {
        S.endsAt(64);
    }

    private RegionStruct() {}
}
