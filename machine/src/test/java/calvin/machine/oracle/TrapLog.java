package calvin.machine.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The form of what a {@link TrapProgram} writes down after each step: what came of it, and all trap registers of all
 * levels.
 */
enum TrapLog {
    // @formatter:off
    //       register    compared bits
    MCAUSE  ("mcause",   -1),
    MEPC    ("mepc",     -1),
    MTVAL   ("mtval",    -1),
    MTVAL2  ("mtval2",   -1),
    MTINST  ("mtinst",   -1),
    MSTATUS ("mstatus",  0x8000_00C0_007E_79AAL),
    SCAUSE  ("scause",   -1),
    SEPC    ("sepc",     -1),
    STVAL   ("stval",    -1),
    HTVAL   ("htval",    -1),
    HTINST  ("htinst",   -1),
    HSTATUS ("hstatus",  0x0070_03C0),
    VSCAUSE ("vscause",  -1),
    VSEPC   ("vsepc",    -1),
    VSTVAL  ("vstval",   -1),
    VSSTATUS("vsstatus", 0x000C_6122L),
    /** What a load gave, or what was in the register before. */
    VALUE   ("",         -1);
    // @formatter:on

    /** The text of one difference that is known. */
    static final String GVA_MISSING = "mstatus has GVA, QEMU has it not, or the other way round";
    static final int BYTES = 8 * values().length;
    /** In place of the cause: nothing was trapped. */
    static final long NO_TRAP = 0x600D;

    final String register;
    final long compared;

    TrapLog(String register, long compared) {
        this.register = register;
        this.compared = compared;
    }

    /** Columns in which two entries differ, as text; empty when they agree. */
    static List<String> differences(long[] ours, long[] theirs) {
        List<String> found = new ArrayList<>();
        boolean noTrap = ours[MCAUSE.ordinal()] == NO_TRAP && theirs[MCAUSE.ordinal()] == NO_TRAP;
        boolean guestPageFault = ours[MCAUSE.ordinal()] >= 20 && ours[MCAUSE.ordinal()] != 22;
        for (TrapLog column : values()) {
            long mine = ours[column.ordinal()] & column.compared;
            long other = theirs[column.ordinal()] & column.compared;
            // priv H, "mtinst": zero is always permitted; a pseudo-instruction must be there.
            boolean left = column == MTINST && other == 0 && (mine & ~0x20L) != 0x3000;
            // priv H, "mtval2", "mtinst": zero but for guest-page faults; QEMU 7.2 leaves what was there in them.
            boolean kept = column == MTVAL2 || column == MTINST && (other & ~0x20L) == 0x3000;
            left |= kept && !guestPageFault && mine == 0;
            left |= noTrap && column != VALUE;
            if (mine != other && !left) {
                String text = String.format(Locale.ROOT, "%s is 0x%x, QEMU has 0x%x",
                        column.name().toLowerCase(Locale.ROOT), mine, other);
                found.add(column == MSTATUS && (mine ^ other) == 1L << 38 ? GVA_MISSING : text);
            }
        }
        return found;
    }
}
