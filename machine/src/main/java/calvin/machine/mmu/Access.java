package calvin.machine.mmu;

/**
 * How an access is made, as bits of one int: what the TLB keeps as context, and what only a walk needs to know.
 * Everything that TLBs keep is below 0x1000; above it, below 0x1000, their tags have the number of an address space.
 */
public final class Access {
    /** The kind of access: an argument of its own, not part of the context. */
    public static final int READ = 0;
    public static final int WRITE = 1;
    public static final int EXECUTE = 2;

    /** Effective privilege: 0 U, 1 S, 3 M. */
    public static final int PRIVILEGE = 3;
    /** Two-stage translation (V=1, or HLV and HSV). */
    public static final int VIRTUAL = 4;
    /** S may access user pages: mstatus.SUM, or vsstatus.SUM with {@link #VIRTUAL}. */
    public static final int SUM = 8;
    /** Execute-only pages may be read: mstatus.MXR, which acts on both stages. */
    public static final int MXR = 16;
    /** vsstatus.MXR, which acts on the VS stage. */
    public static final int VIRTUAL_MXR = 32;
    /** HLVX: a read that needs execute permission instead of read permission. */
    public static final int HLVX = 0x1000;
    /** Look only: A and D stay as they are, and missing ones are no fault. For debuggers and reports. */
    public static final int PROBE = 0x2000;

    /** Entries of the first stage may name memory types (Svpbmt, menvcfg.PBMTE or henvcfg.PBMTE). */
    public static final int MEMORY_TYPES = 0x4000;
    /** Entries of the G stage may (menvcfg.PBMTE). */
    public static final int GUEST_MEMORY_TYPES = 0x8000;

    private Access() {}
}
