package calvin.machine.timing;

import calvin.machine.isa.Op;
import calvin.machine.isa.Slot;

/**
 * Which registers an instruction reads and writes, as indices of one file: 0 to 31 are x, {@link #SINK} takes what is
 * written to x0, {@link #FLOAT} and up are f. Follows from the operands in {@link Op#syntax}.
 */
final class Operands {
    static final int SINK = 32;
    static final int FLOAT = 33;
    static final int REGISTERS = FLOAT + 32;

    private static final int READS_1 = 1;
    private static final int READS_2 = 1 << 1;
    private static final int READS_3 = 1 << 2;
    private static final int FLOAT_1 = 1 << 3;
    private static final int FLOAT_2 = 1 << 4;
    private static final int WRITES = 1 << 5;
    private static final int FLOAT_D = 1 << 6;
    private static final int[] ROLES = roles();

    private Operands() {}

    private static int[] roles() {
        int[] roles = new int[Op.count() + 1];
        for (int i = 0; i < Op.count(); i++) {
            String syntax = Op.at(i).syntax;
            int bits = syntax.contains("fs1") ? READS_1 | FLOAT_1 : syntax.contains("rs1") ? READS_1 : 0;
            bits |= syntax.contains("fs2") ? READS_2 | FLOAT_2 : syntax.contains("rs2") ? READS_2 : 0;
            bits |= syntax.contains("fs3") ? READS_3 : 0;
            bits |= syntax.contains("fd") ? WRITES | FLOAT_D : syntax.contains("rd") ? WRITES : 0;
            roles[i + 1] = bits;
        }
        return roles;
    }

    private static int roles(long slot) {
        int op = Slot.op(slot);
        return op < ROLES.length ? ROLES[op] : 0;
    }

    /** When the last of the registers that the instruction reads is ready. */
    static long readyPs(long slot, long[] ready, int offset) {
        int roles = roles(slot);
        long at = 0;
        if ((roles & READS_1) != 0) {
            at = ready[offset + ((roles & FLOAT_1) != 0 ? FLOAT : 0) + (Slot.rs1(slot) & 31)];
        }
        if ((roles & READS_2) != 0) {
            at = Math.max(at, ready[offset + ((roles & FLOAT_2) != 0 ? FLOAT : 0) + (Slot.rs2(slot) & 31)]);
        }
        if ((roles & READS_3) != 0) {
            at = Math.max(at, ready[offset + FLOAT + Slot.rs3(slot)]);
        }
        return at;
    }

    /** The register that the instruction writes; {@link #SINK} for none. */
    static int target(long slot) {
        int roles = roles(slot);
        if ((roles & WRITES) == 0) {
            return SINK;
        }
        return (roles & FLOAT_D) != 0 ? FLOAT + (Slot.rd(slot) & 31) : Slot.rd(slot);
    }
}
