package calvin.machine.isa;

/**
 * What a trap says in {@code mcause}/{@code scause}/{@code vscause}, and which further CSRs it fills.
 *
 * <p>The four flags follow priv, "Hypervisor Extension", trap CSR tables: {@link #TVAL} the trap value is an address or
 * the instruction's bits (otherwise zero), {@link #TVAL2} mtval2/htval get the guest physical address shifted right by
 * 2, {@link #TINST} mtinst/htinst may hold a transformed instruction or pseudo-instruction (others: zero), {@link #GVA}
 * the trap value is a guest virtual address when the access was made with V=1 (or by HLV/HSV), so that mstatus.GVA or
 * hstatus.GVA is set.
 */
public enum Cause {
    // @formatter:off
    //                            code  kind            CSRs written               section
    INSTRUCTION_MISALIGNED       ( 0, Kind.EXCEPTION, "tval gva",             "priv 3.1.15"),
    INSTRUCTION_ACCESS_FAULT     ( 1, Kind.EXCEPTION, "tval gva",             "priv 3.1.15"),
    ILLEGAL_INSTRUCTION          ( 2, Kind.EXCEPTION, "tval",                 "priv 3.1.15"),
    BREAKPOINT                   ( 3, Kind.EXCEPTION, "tval gva",             "priv 3.1.15"),
    LOAD_MISALIGNED              ( 4, Kind.EXCEPTION, "tval gva tinst",       "priv 3.1.15"),
    LOAD_ACCESS_FAULT            ( 5, Kind.EXCEPTION, "tval gva tinst",       "priv 3.1.15"),
    STORE_MISALIGNED             ( 6, Kind.EXCEPTION, "tval gva tinst",       "priv 3.1.15"),
    STORE_ACCESS_FAULT           ( 7, Kind.EXCEPTION, "tval gva tinst",       "priv 3.1.15"),
    ECALL_FROM_U                 ( 8, Kind.EXCEPTION, "",                     "priv 3.1.15"),
    ECALL_FROM_S                 ( 9, Kind.EXCEPTION, "",                     "priv 3.1.15"),
    ECALL_FROM_VS                (10, Kind.EXCEPTION, "",                     "priv H, trap cause codes"),
    ECALL_FROM_M                 (11, Kind.EXCEPTION, "",                     "priv 3.1.15"),
    INSTRUCTION_PAGE_FAULT       (12, Kind.EXCEPTION, "tval gva",             "priv 3.1.15"),
    LOAD_PAGE_FAULT              (13, Kind.EXCEPTION, "tval gva tinst",       "priv 3.1.15"),
    STORE_PAGE_FAULT             (15, Kind.EXCEPTION, "tval gva tinst",       "priv 3.1.15"),
    SOFTWARE_CHECK               (18, Kind.EXCEPTION, "tval",                 "priv 3.1.15"),
    HARDWARE_ERROR               (19, Kind.EXCEPTION, "tval gva",             "priv 3.1.15"),
    INSTRUCTION_GUEST_PAGE_FAULT (20, Kind.EXCEPTION, "tval gva tval2 tinst", "priv H, trap cause codes"),
    LOAD_GUEST_PAGE_FAULT        (21, Kind.EXCEPTION, "tval gva tval2 tinst", "priv H, trap cause codes"),
    VIRTUAL_INSTRUCTION          (22, Kind.EXCEPTION, "tval",                 "priv H, trap cause codes"),
    STORE_GUEST_PAGE_FAULT       (23, Kind.EXCEPTION, "tval gva tval2 tinst", "priv H, trap cause codes"),

    SUPERVISOR_SOFTWARE          ( 1, Kind.INTERRUPT, "",                     "priv 3.1.9"),
    VIRTUAL_SUPERVISOR_SOFTWARE  ( 2, Kind.INTERRUPT, "",                     "priv H, hvip"),
    MACHINE_SOFTWARE             ( 3, Kind.INTERRUPT, "",                     "priv 3.1.9"),
    SUPERVISOR_TIMER             ( 5, Kind.INTERRUPT, "",                     "priv 3.1.9"),
    VIRTUAL_SUPERVISOR_TIMER     ( 6, Kind.INTERRUPT, "",                     "priv H, hvip"),
    MACHINE_TIMER                ( 7, Kind.INTERRUPT, "",                     "priv 3.1.9"),
    SUPERVISOR_EXTERNAL          ( 9, Kind.INTERRUPT, "",                     "priv 3.1.9"),
    VIRTUAL_SUPERVISOR_EXTERNAL  (10, Kind.INTERRUPT, "",                     "priv H, hvip"),
    MACHINE_EXTERNAL             (11, Kind.INTERRUPT, "",                     "priv 3.1.9"),
    SUPERVISOR_GUEST_EXTERNAL    (12, Kind.INTERRUPT, "",                     "priv H, hgeip"),
    COUNTER_OVERFLOW             (13, Kind.INTERRUPT, "",                     "priv Sscofpmf");
    // @formatter:on

    /** The trap value is not zero: a faulting address, or the bits of the instruction. */
    public static final int TVAL = 1;
    /** mtval2/htval receive a guest physical address shifted right by 2. */
    public static final int TVAL2 = 2;
    /** mtinst/htinst may be non-zero. */
    public static final int TINST = 4;
    /** The trap value may be a guest virtual address. */
    public static final int GVA = 8;
    /** Set in the cause register for an interrupt. */
    public static final long INTERRUPT_BIT = 1L << 63;

    private enum Kind { EXCEPTION, INTERRUPT }

    /** Number in the cause register without {@link #INTERRUPT_BIT}. */
    public final int code;
    public final boolean interrupt;
    /** Bits {@link #TVAL}, {@link #TVAL2}, {@link #TINST}, {@link #GVA}. */
    public final int writes;
    /** The manual's section. */
    public final String section;

    private static final Cause[] EXCEPTIONS = new Cause[64];
    private static final Cause[] INTERRUPTS = new Cause[64];
    static {
        for (Cause cause : values()) {
            Cause[] byCode = cause.interrupt ? INTERRUPTS : EXCEPTIONS;
            if (byCode[cause.code] != null) {
                throw new IllegalStateException("two causes with code " + cause.code);
            }
            byCode[cause.code] = cause;
        }
    }

    Cause(int code, Kind kind, String writes, String section) {
        this.code = code;
        this.interrupt = kind == Kind.INTERRUPT;
        this.writes = bitsOf(writes);
        this.section = section;
    }

    private static int bitsOf(String names) {
        int bits = 0;
        for (String name : names.isEmpty() ? new String[0] : names.split(" ")) {
            bits |= switch (name) {
                case "tval" -> TVAL;
                case "tval2" -> TVAL2;
                case "tinst" -> TINST;
                case "gva" -> GVA;
                default -> throw new IllegalArgumentException(name);
            };
        }
        return bits;
    }

    /** Value of the cause register. */
    public long value() {
        return interrupt ? INTERRUPT_BIT | code : code;
    }

    /** Bit in mip/mie/mideleg or medeleg. */
    public long bit() {
        return 1L << code;
    }

    public boolean writes(int csrBit) {
        return (writes & csrBit) != 0;
    }

    /** The cause with this value of a cause register, or null if the value is none of the table's. */
    public static Cause of(long value) {
        long code = value & ~INTERRUPT_BIT;
        if (code >= EXCEPTIONS.length) {
            return null;
        }
        return (value < 0 ? INTERRUPTS : EXCEPTIONS)[(int) code];
    }

    /** The exception with this code, or null. */
    public static Cause exception(int code) {
        return code < 0 || code > 63 ? null : EXCEPTIONS[code];
    }

    private static final int[] INTERRUPT_PRIORITY = {11, 3, 7, 9, 1, 5, 12, 10, 2, 6, 13};

    /**
     * The code of the interrupt to take first out of {@code pending} (bits as in mip), or -1 if there is none. Order
     * for one destination privilege: MEI, MSI, MTI, SEI, SSI, STI, SGEI, VSEI, VSSI, VSTI, LCOFI (priv 3.1.9 and H,
     * "hip and hie").
     */
    public static int highestPriority(long pending) {
        for (int code : INTERRUPT_PRIORITY) {
            if ((pending >>> code & 1) != 0) {
                return code;
            }
        }
        return -1;
    }
}
