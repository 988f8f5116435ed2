package calvin.lwk.state;

/** What a range of physical memory is for; codes and names are Kitten's. */
public enum PmemType {
    BOOTMEM(0),
    BIGPHYSAREA(1),
    INITRD(2),
    INIT_TASK(3),
    KMEM(4),
    UMEM(5),
    FDT(6),
    /** No range was ever given this value. */
    CORRUPT(-1);

    public final int code;

    PmemType(int code) {
        this.code = code;
    }

    /** The type of a code read from memory; never fails. */
    public static PmemType of(long code) {
        return code >= 0 && code <= 6 ? values()[(int) code] : CORRUPT;
    }
}
