package calvin.machine.interp;

import static calvin.machine.isa.OpIndex.*;

import calvin.machine.exec.Convert;
import calvin.machine.exec.Doubles;
import calvin.machine.exec.Fpu;
import calvin.machine.exec.Singles;
import calvin.machine.hart.Hart;
import calvin.machine.isa.Slot;

/**
 * Dispatches floating-point computation, moves and conversions to {@link calvin.machine.exec}: NaN boxes, rounding
 * mode, accrued flags. Loads and stores are not here. One per engine.
 */
public final class FpOps {
    /** Upper half of a NaN-boxed single (unpriv D, "NaN Boxing of Narrower Values"). */
    public static final long BOX = 0xFFFF_FFFF_0000_0000L;
    private static final int NAN = 0x7FC0_0000;
    private static final int DYNAMIC = 7;

    private final Fpu fpu = new Fpu();

    /** True for the instructions that {@link #execute} does. */
    public static boolean knows(int op) {
        return op >= FMADD_S && op <= FMV_W_X || op >= FMADD_D && op <= FMV_D_X
                || FpMoreOps.knows(op);
    }

    /** Executes the instruction, FS being on, or returns false if it is illegal because frm holds a reserved mode. */
    public boolean execute(Hart hart, long slot) {
        int op = Slot.op(slot);
        int rm = Slot.rm(slot) == DYNAMIC ? hart.fcsr >>> 5 : Slot.rm(slot);
        if (rm > Fpu.RMM) {
            return false;
        }
        if (FpMoreOps.knows(op)) {
            FpMoreOps.execute(hart, fpu, op, slot, rm);
        } else if (op >= FMADD_D) {
            doublePrecision(hart, op, slot, rm);
        } else {
            singlePrecision(hart, op, slot, rm);
        }
        if (fpu.flags != 0) {
            hart.fcsr |= fpu.flags;
            fpu.flags = 0;
        }
        return true;
    }

    /** False for the instructions that change neither an f register nor a flag, so that FS need not become dirty. */
    public static boolean dirties(int op) {
        return op != FMV_X_W && op != FMV_X_D && op != FMV_X_H && op != FCLASS_S && op != FCLASS_D;
    }

    private void doublePrecision(Hart hart, int op, long slot, int rm) {
        long[] f = hart.f;
        int rd = Slot.rd(slot);
        long a = f[Slot.rs1(slot)];
        long b = f[Slot.rs2(slot)];
        switch (op) {
            case FADD_D -> f[rd] = Doubles.add(fpu, a, b, rm);
            case FSUB_D -> f[rd] = Doubles.sub(fpu, a, b, rm);
            case FMUL_D -> f[rd] = Doubles.mul(fpu, a, b, rm);
            case FDIV_D -> f[rd] = Doubles.div(fpu, a, b, rm);
            case FSQRT_D -> f[rd] = Doubles.sqrt(fpu, a, rm);
            case FMADD_D -> f[rd] = Doubles.fma(fpu, a, b, f[Slot.rs3(slot)], rm);
            case FMSUB_D -> f[rd] = Doubles.fms(fpu, a, b, f[Slot.rs3(slot)], rm);
            case FNMSUB_D -> f[rd] = Doubles.fnms(fpu, a, b, f[Slot.rs3(slot)], rm);
            case FNMADD_D -> f[rd] = Doubles.fnma(fpu, a, b, f[Slot.rs3(slot)], rm);
            case FSGNJ_D -> f[rd] = Doubles.sgnj(a, b);
            case FSGNJN_D -> f[rd] = Doubles.sgnjn(a, b);
            case FSGNJX_D -> f[rd] = Doubles.sgnjx(a, b);
            case FMIN_D -> f[rd] = Doubles.min(fpu, a, b);
            case FMAX_D -> f[rd] = Doubles.max(fpu, a, b);
            case FCVT_S_D -> f[rd] = BOX | Integer.toUnsignedLong(Convert.singleFromDouble(fpu, a, rm));
            case FCVT_D_S -> f[rd] = Convert.doubleFromSingle(fpu, unbox(a));
            case FEQ_D -> hart.x[rd] = Doubles.eq(fpu, a, b);
            case FLT_D -> hart.x[rd] = Doubles.lt(fpu, a, b);
            case FLE_D -> hart.x[rd] = Doubles.le(fpu, a, b);
            case FCLASS_D -> hart.x[rd] = Doubles.classify(a);
            case FMV_X_D -> hart.x[rd] = a;
            case FMV_D_X -> f[rd] = hart.x[Slot.rs1(slot)];
            default -> convertDouble(hart, op, slot, rm);
        }
    }

    private void convertDouble(Hart hart, int op, long slot, int rm) {
        int rd = Slot.rd(slot);
        long a = hart.f[Slot.rs1(slot)];
        long integer = hart.x[Slot.rs1(slot)];
        switch (op) {
            case FCVT_W_D -> hart.x[rd] = Convert.doubleToWord(fpu, a, rm);
            case FCVT_WU_D -> hart.x[rd] = Convert.doubleToUnsignedWord(fpu, a, rm);
            case FCVT_L_D -> hart.x[rd] = Convert.doubleToLong(fpu, a, rm);
            case FCVT_LU_D -> hart.x[rd] = Convert.doubleToUnsignedLong(fpu, a, rm);
            case FCVT_D_W -> hart.f[rd] = Convert.doubleFromWord(integer);
            case FCVT_D_WU -> hart.f[rd] = Convert.doubleFromUnsignedWord(integer);
            case FCVT_D_L -> hart.f[rd] = Convert.doubleFromLong(fpu, integer, rm);
            case FCVT_D_LU -> hart.f[rd] = Convert.doubleFromUnsignedLong(fpu, integer, rm);
            default -> throw new IllegalStateException("not a double-precision instruction: " + op);
        }
    }

    static int unbox(long bits) {
        return (bits & BOX) == BOX ? (int) bits : NAN;
    }

    private void singlePrecision(Hart hart, int op, long slot, int rm) {
        int rd = Slot.rd(slot);
        int a = unbox(hart.f[Slot.rs1(slot)]);
        int b = unbox(hart.f[Slot.rs2(slot)]);
        switch (op) {
            case FEQ_S -> hart.x[rd] = Singles.eq(fpu, a, b);
            case FLT_S -> hart.x[rd] = Singles.lt(fpu, a, b);
            case FLE_S -> hart.x[rd] = Singles.le(fpu, a, b);
            case FCLASS_S -> hart.x[rd] = Singles.classify(a);
            case FMV_X_W -> hart.x[rd] = (int) hart.f[Slot.rs1(slot)];
            case FCVT_W_S -> hart.x[rd] = Convert.singleToWord(fpu, a, rm);
            case FCVT_WU_S -> hart.x[rd] = Convert.singleToUnsignedWord(fpu, a, rm);
            case FCVT_L_S -> hart.x[rd] = Convert.singleToLong(fpu, a, rm);
            case FCVT_LU_S -> hart.x[rd] = Convert.singleToUnsignedLong(fpu, a, rm);
            default -> hart.f[rd] = BOX | Integer.toUnsignedLong(single(hart, op, slot, a, b, rm));
        }
    }

    /** The instructions whose result is a single. */
    private int single(Hart hart, int op, long slot, int a, int b, int rm) {
        long integer = hart.x[Slot.rs1(slot)];
        return switch (op) {
            case FADD_S -> Singles.add(fpu, a, b, rm);
            case FSUB_S -> Singles.sub(fpu, a, b, rm);
            case FMUL_S -> Singles.mul(fpu, a, b, rm);
            case FDIV_S -> Singles.div(fpu, a, b, rm);
            case FSQRT_S -> Singles.sqrt(fpu, a, rm);
            case FMADD_S -> Singles.fma(fpu, a, b, unbox(hart.f[Slot.rs3(slot)]), rm);
            case FMSUB_S -> Singles.fms(fpu, a, b, unbox(hart.f[Slot.rs3(slot)]), rm);
            case FNMSUB_S -> Singles.fnms(fpu, a, b, unbox(hart.f[Slot.rs3(slot)]), rm);
            case FNMADD_S -> Singles.fnma(fpu, a, b, unbox(hart.f[Slot.rs3(slot)]), rm);
            case FSGNJ_S -> Singles.sgnj(a, b);
            case FSGNJN_S -> Singles.sgnjn(a, b);
            case FSGNJX_S -> Singles.sgnjx(a, b);
            case FMIN_S -> Singles.min(fpu, a, b);
            case FMAX_S -> Singles.max(fpu, a, b);
            case FCVT_S_W -> Convert.singleFromWord(fpu, integer, rm);
            case FCVT_S_WU -> Convert.singleFromUnsignedWord(fpu, integer, rm);
            case FCVT_S_L -> Convert.singleFromLong(fpu, integer, rm);
            case FCVT_S_LU -> Convert.singleFromUnsignedLong(fpu, integer, rm);
            case FMV_W_X -> (int) integer;
            default -> throw new IllegalStateException("not a single-precision instruction: " + op);
        };
    }
}
