package calvin.machine.interp;

import static calvin.machine.isa.OpIndex.*;

import calvin.machine.exec.Additional;
import calvin.machine.exec.Convert;
import calvin.machine.exec.Fpu;
import calvin.machine.hart.Hart;
import calvin.machine.isa.Slot;

/** Dispatches Zfhmin and Zfa as {@link FpOps} does F and D. */
final class FpMoreOps {
    /** Upper bits of a NaN-boxed half. */
    static final long HALF_BOX = 0xFFFF_FFFF_FFFF_0000L;
    private static final long HALF_NAN = 0x7E00;

    private FpMoreOps() {}

    /** True for the instructions that {@link #execute} does. */
    static boolean knows(int op) {
        return op >= FCVT_S_H && op <= FLTQ_D;
    }

    private static long unboxHalf(long bits) {
        return (bits & HALF_BOX) == HALF_BOX ? bits & 0xFFFF : HALF_NAN;
    }

    private static long box(int single) {
        return FpOps.BOX | Integer.toUnsignedLong(single);
    }

    static void execute(Hart hart, Fpu fpu, int op, long slot, int rm) {
        long[] f = hart.f;
        int rd = Slot.rd(slot);
        int rs1 = Slot.rs1(slot);
        switch (op) {
            case FCVT_S_H -> f[rd] = box(Convert.singleFromHalf(fpu, unboxHalf(f[rs1])));
            case FCVT_H_S -> f[rd] = HALF_BOX | Convert.halfFromSingle(fpu, FpOps.unbox(f[rs1]), rm);
            case FCVT_D_H -> f[rd] = Convert.doubleFromHalf(fpu, unboxHalf(f[rs1]));
            case FCVT_H_D -> f[rd] = HALF_BOX | Convert.halfFromDouble(fpu, f[rs1], rm);
            case FMV_X_H -> hart.x[rd] = (short) f[rs1];
            case FMV_H_X -> f[rd] = HALF_BOX | hart.x[rs1];
            case FCVTMOD_W_D -> hart.x[rd] = Additional.modularWord(fpu, f[rs1]);
            default -> {
                if (op >= FLI_D) {
                    doublePrecision(hart, fpu, op, slot, rm);
                } else {
                    singlePrecision(hart, fpu, op, slot, rm);
                }
            }
        }
    }

    private static void doublePrecision(Hart hart, Fpu fpu, int op, long slot, int rm) {
        int rd = Slot.rd(slot);
        long a = hart.f[Slot.rs1(slot)];
        long b = hart.f[Slot.rs2(slot)];
        switch (op) {
            case FLI_D -> hart.f[rd] = Additional.DOUBLE.constant(Slot.rs1(slot));
            case FMINM_D -> hart.f[rd] = Additional.DOUBLE.minimum(fpu, a, b);
            case FMAXM_D -> hart.f[rd] = Additional.DOUBLE.maximum(fpu, a, b);
            case FROUND_D -> hart.f[rd] = Additional.DOUBLE.toIntegral(fpu, a, rm, false);
            case FROUNDNX_D -> hart.f[rd] = Additional.DOUBLE.toIntegral(fpu, a, rm, true);
            case FLEQ_D -> hart.x[rd] = Additional.DOUBLE.lessOrEqual(fpu, a, b);
            case FLTQ_D -> hart.x[rd] = Additional.DOUBLE.less(fpu, a, b);
            default -> throw new IllegalStateException("not a Zfa instruction: " + op);
        }
    }

    private static void singlePrecision(Hart hart, Fpu fpu, int op, long slot, int rm) {
        int rd = Slot.rd(slot);
        long a = Integer.toUnsignedLong(FpOps.unbox(hart.f[Slot.rs1(slot)]));
        long b = Integer.toUnsignedLong(FpOps.unbox(hart.f[Slot.rs2(slot)]));
        switch (op) {
            case FLI_S -> hart.f[rd] = FpOps.BOX | Additional.SINGLE.constant(Slot.rs1(slot));
            case FMINM_S -> hart.f[rd] = FpOps.BOX | Additional.SINGLE.minimum(fpu, a, b);
            case FMAXM_S -> hart.f[rd] = FpOps.BOX | Additional.SINGLE.maximum(fpu, a, b);
            case FROUND_S -> hart.f[rd] = FpOps.BOX | Additional.SINGLE.toIntegral(fpu, a, rm, false);
            case FROUNDNX_S -> hart.f[rd] = FpOps.BOX | Additional.SINGLE.toIntegral(fpu, a, rm, true);
            case FLEQ_S -> hart.x[rd] = Additional.SINGLE.lessOrEqual(fpu, a, b);
            case FLTQ_S -> hart.x[rd] = Additional.SINGLE.less(fpu, a, b);
            default -> throw new IllegalStateException("not a Zfa instruction: " + op);
        }
    }
}
