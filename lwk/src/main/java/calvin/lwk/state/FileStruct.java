package calvin.lwk.state;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/** One open file. Descriptors of an address space point to it. */
public final class FileStruct {
    /** Descriptors of an address space: 0 to SLOTS - 1. */
    public static final int SLOTS = 256;

    // @formatter:off
    public static final Struct S = Struct.named("file");
    public static final U32 KIND       = S.u32("kind", "FileKind code");
    public static final U32 REFERENCES = S.u32("references", "descriptors that point to it");
    public static final U64 FLAGS      = S.u64("flags", "as given to open: O_*");
    public static final U64 OFFSET     = S.u64("offset", "position, in bytes");
    public static final U64 DATA       = S.u64("data",
        "INPUT, INODE: pa of the contents or of the InodeStruct; RDMA: pa of the first object; CONSOLE: 1 for errors");
    public static final U64 SIZE       = S.u64("size", "INPUT: number of bytes; RDMA: number of the user access page");
    // @formatter:on
    static {
        S.endsAt(40);
    }

    /** In {@link #DATA} of a console file: what is written is error output. */
    public static final long ERRORS = 1;

    private FileStruct() {}
}
