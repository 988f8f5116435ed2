package calvin.machine.exec;

/**
 * Accrued exception flags, and the numbers of flags and rounding modes (unpriv F, "Floating-Point Control and Status
 * Register"). The arithmetic of {@link Doubles}, {@link Singles} and {@link Convert} ORs into {@link #flags}; whoever
 * keeps the fcsr collects them. One per engine; allocated once.
 */
public final class Fpu {
    /** Inexact. */
    public static final int NX = 1;
    /** Underflow: tiny after rounding, and inexact. */
    public static final int UF = 2;
    /** Overflow. */
    public static final int OF = 4;
    /** Division by zero. */
    public static final int DZ = 8;
    /** Invalid operation. */
    public static final int NV = 16;

    /** To nearest, ties to even. */
    public static final int RNE = 0;
    /** Towards zero. */
    public static final int RTZ = 1;
    /** Down. */
    public static final int RDN = 2;
    /** Up. */
    public static final int RUP = 3;
    /** To nearest, ties away from zero. */
    public static final int RMM = 4;

    /** Flags raised since they were last cleared. */
    public int flags;

    void raise(int flag) {
        flags |= flag;
    }
}
