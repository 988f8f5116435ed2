package calvin.lwk.state;

/** What an open file is; the value of {@link FileStruct#KIND}. */
public enum FileKind {
    NONE(0),
    CONSOLE(1),
    NULL(2),
    ZERO(3),
    /** Bytes that came with the job. */
    INPUT(4),
    /** The RDMA card. */
    RDMA(5),
    /** A file or directory in memory. */
    INODE(6),
    RANDOM(7),
    CORRUPT(-1);

    private static final FileKind[] BY_CODE = {NONE, CONSOLE, NULL, ZERO, INPUT, RDMA, INODE, RANDOM};

    public final int code;

    FileKind(int code) {
        this.code = code;
    }

    /** The kind of a code read from memory; never fails. */
    public static FileKind of(long code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[(int) code] : CORRUPT;
    }
}
