package calvin.lwk.state;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.Bytes;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/** One name of the file system in memory, by its full path. */
public final class InodeStruct {
    public static final int PATH_BYTES = 208;

    // @formatter:off
    public static final Struct S = Struct.named("inode");
    public static final U64 NEXT     = S.u64("next", "pa of the inode made before it, 0 = end");
    public static final U64 DATA     = S.u64("data", "pa of the contents, 0 = empty");
    public static final U64 CAPACITY = S.u64("capacity", "bytes at data");
    public static final U64 SIZE     = S.u64("size", "bytes of contents; behind them, data is zero");
    public static final U64 NUMBER   = S.u64("number", "inode number");
    public static final U32 REFERENCES = S.u32("references", "open files of it, plus 1 while it has its name");
    public static final U32 MODE     = S.u32("mode", "S_IF* and permission bits");
    public static final Bytes PATH   = S.bytes("path", PATH_BYTES, "absolute, zero-terminated; empty = unlinked");
    // @formatter:on
    static {
        S.endsAt(256);
    }

    private InodeStruct() {}
}
