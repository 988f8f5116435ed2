package calvin.machine.interp;

import static calvin.machine.isa.OpIndex.*;

import calvin.machine.exec.Bits;
import calvin.machine.exec.Multiply;

/** Register-to-register instructions not worth a place in the hot loop: high products, division, bit manipulation. */
final class RareAlu {
    private RareAlu() {}

    /** True if {@link #evaluate} knows the instruction. */
    static boolean knows(int op) {
        return op >= MUL && op <= REMUW || op >= ADD_UW && op <= CZERO_NEZ;
    }

    /** The value for rd. {@code immediate} is a shift amount where the instruction has one. */
    static long evaluate(int op, long a, long b, int immediate) {
        return switch (op) {
            case MUL -> a * b;
            case MULH -> Multiply.mulh(a, b);
            case MULHSU -> Multiply.mulhsu(a, b);
            case MULHU -> Multiply.mulhu(a, b);
            case DIV -> Multiply.div(a, b);
            case DIVU -> Multiply.divu(a, b);
            case REM -> Multiply.rem(a, b);
            case REMU -> Multiply.remu(a, b);
            case MULW -> (int) (a * b);
            case DIVW -> Multiply.divw(a, b);
            case DIVUW -> Multiply.divuw(a, b);
            case REMW -> Multiply.remw(a, b);
            case REMUW -> Multiply.remuw(a, b);
            default -> bits(op, a, b, immediate);
        };
    }

    private static long bits(int op, long a, long b, int shift) {
        return switch (op) {
            case ADD_UW -> Bits.shiftAdd(Bits.word(a), b, 0);
            case SH1ADD -> Bits.shiftAdd(a, b, 1);
            case SH2ADD -> Bits.shiftAdd(a, b, 2);
            case SH3ADD -> Bits.shiftAdd(a, b, 3);
            case SH1ADD_UW -> Bits.shiftAdd(Bits.word(a), b, 1);
            case SH2ADD_UW -> Bits.shiftAdd(Bits.word(a), b, 2);
            case SH3ADD_UW -> Bits.shiftAdd(Bits.word(a), b, 3);
            case SLLI_UW -> Bits.word(a) << shift;
            case ANDN -> a & ~b;
            case ORN -> a | ~b;
            case XNOR -> ~(a ^ b);
            case CLZ -> Bits.clz(a);
            case CTZ -> Bits.ctz(a);
            case CPOP -> Bits.cpop(a);
            case CLZW -> Bits.clzw(a);
            case CTZW -> Bits.ctzw(a);
            case CPOPW -> Bits.cpopw(a);
            case MIN -> Math.min(a, b);
            case MINU -> Bits.minu(a, b);
            case MAX -> Math.max(a, b);
            case MAXU -> Bits.maxu(a, b);
            case SEXT_B -> (byte) a;
            case SEXT_H -> (short) a;
            case ZEXT_H -> a & 0xFFFF;
            default -> rotateOrSingleBit(op, a, b, shift);
        };
    }

    private static long rotateOrSingleBit(int op, long a, long b, int shift) {
        return switch (op) {
            case ROL -> Bits.rol(a, b);
            case ROR -> Bits.ror(a, b);
            case ROLW -> Bits.rolw(a, b);
            case RORW -> Bits.rorw(a, b);
            case RORI -> Bits.ror(a, shift);
            case RORIW -> Bits.rorw(a, shift);
            case ORC_B -> Bits.orcb(a);
            case REV8 -> Long.reverseBytes(a);
            case CLMUL -> Bits.clmul(a, b);
            case CLMULR -> Bits.clmulr(a, b);
            case CLMULH -> Bits.clmulh(a, b);
            case BCLR -> Bits.bclr(a, b);
            case BEXT -> Bits.bext(a, b);
            case BINV -> Bits.binv(a, b);
            case BSET -> Bits.bset(a, b);
            case BCLRI -> Bits.bclr(a, shift);
            case BEXTI -> Bits.bext(a, shift);
            case BINVI -> Bits.binv(a, shift);
            case BSETI -> Bits.bset(a, shift);
            case CZERO_EQZ -> Bits.czeroEqz(a, b);
            case CZERO_NEZ -> Bits.czeroNez(a, b);
            default -> throw new IllegalStateException("not an ALU instruction: " + op);
        };
    }
}
