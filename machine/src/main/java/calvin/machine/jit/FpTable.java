package calvin.machine.jit;

import static calvin.machine.isa.OpIndex.*;

import calvin.machine.exec.Doubles;
import calvin.machine.exec.Fpu;
import calvin.machine.isa.Slot;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;

/**
 * The fast forms of floating-point instructions: the host's operation and a check that nothing else would have to be
 * done. They are tried while NX is set, as it nearly always is, since they do not tell whether a result is exact.
 */
final class FpTable {
    /** Leaves the result on the stack, a double or a long, or goes to {@code slow} with an empty stack. */
    interface Row {
        void emit(RegionEmitter e, long slot, Label slow);
    }

    /** A row, and the rounding modes with which it can be used. */
    private enum Rounding {
        NEAREST, TRUNCATE, ANY
    }

    private static final Row[] ROWS = new Row[LIMIT];
    private static final Rounding[] ROUNDINGS = new Rounding[LIMIT];
    private static final ClassDescs CD = new ClassDescs();

    /** Types of the helper methods. */
    private static final class ClassDescs {
        final MethodTypeDesc testDouble = MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_double);
        final MethodTypeDesc testFloat = MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_float);
        final MethodTypeDesc unbox = MethodTypeDesc.of(ConstantDescs.CD_float, ConstantDescs.CD_double);
        final MethodTypeDesc box = MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_float);
        final MethodTypeDesc toBits = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_double);
        final MethodTypeDesc fromBits = MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_long);
        final MethodTypeDesc longs = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long,
                ConstantDescs.CD_long);
        final MethodTypeDesc root = MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_double);
        final MethodTypeDesc fma = MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_double,
                ConstantDescs.CD_double, ConstantDescs.CD_double);
        final MethodTypeDesc fmaFloat = MethodTypeDesc.of(ConstantDescs.CD_float, ConstantDescs.CD_float,
                ConstantDescs.CD_float, ConstantDescs.CD_float);
    }

    static {
        doubles();
        singles();
        comparisons();
        moves();
        conversions();
    }

    private FpTable() {}

    /** The fast form, or null. */
    static Row row(long slot) {
        int op = Slot.op(slot);
        if (ROWS[op] == null || op == FSGNJ_S && Slot.rs1(slot) != Slot.rs2(slot)) {
            return null;
        }
        boolean usable = switch (ROUNDINGS[op]) {
            case NEAREST -> FpEmitter.toNearest(slot);
            case TRUNCATE -> Slot.rm(slot) == Fpu.RTZ;
            case ANY -> Slot.rm(slot) <= Fpu.RMM;
        };
        return usable ? ROWS[op] : null;
    }

    private static void row(int op, Rounding rounding, Row row) {
        ROWS[op] = row;
        ROUNDINGS[op] = rounding;
    }

    private static void doubles() {
        sum(FADD_D, FADD_S, CodeBuilder::dadd, CodeBuilder::fadd, "finite");
        sum(FSUB_D, FSUB_S, CodeBuilder::dsub, CodeBuilder::fsub, "finite");
        sum(FMUL_D, FMUL_S, CodeBuilder::dmul, CodeBuilder::fmul, "normal");
        sum(FDIV_D, FDIV_S, CodeBuilder::ddiv, CodeBuilder::fdiv, "normal");
        row(FSQRT_D, Rounding.NEAREST, (e, slot, slow) -> {
            e.requireFast(slow);
            e.f(Slot.rs1(slot));
            e.call(Math.class, "sqrt", CD.root);
            checked(e, "normal", slow);
        });
        fused(FMADD_D, FMADD_S, false, false);
        fused(FMSUB_D, FMSUB_S, false, true);
        fused(FNMSUB_D, FNMSUB_S, true, false);
        fused(FNMADD_D, FNMADD_S, true, true);
    }

    /** An operation of two operands in both precisions. */
    private static void sum(int op, int single, Consumer<CodeBuilder> ofDoubles, Consumer<CodeBuilder> ofFloats,
            String check) {
        row(op, Rounding.NEAREST, (e, slot, slow) -> {
            e.requireFast(slow);
            e.f(Slot.rs1(slot));
            e.f(Slot.rs2(slot));
            ofDoubles.accept(e.code());
            checked(e, check, slow);
        });
        row(single, Rounding.NEAREST, (e, slot, slow) -> {
            e.requireFast(slow);
            unboxed(e, Slot.rs1(slot), slow);
            unboxed(e, Slot.rs2(slot), slow);
            unbox(e, Slot.rs1(slot));
            unbox(e, Slot.rs2(slot));
            ofFloats.accept(e.code());
            checkedFloat(e, check, slow);
        });
    }

    private static void fused(int op, int single, boolean negateProduct, boolean negateSum) {
        row(op, Rounding.NEAREST, (e, slot, slow) -> {
            e.requireFast(slow);
            e.f(Slot.rs1(slot));
            negate(negateProduct, e.code()::dneg);
            e.f(Slot.rs2(slot));
            e.f(Slot.rs3(slot));
            negate(negateSum, e.code()::dneg);
            e.call(Math.class, "fma", CD.fma);
            checked(e, "normal", slow);
        });
        row(single, Rounding.NEAREST, (e, slot, slow) -> {
            e.requireFast(slow);
            unboxed(e, Slot.rs1(slot), slow);
            unboxed(e, Slot.rs2(slot), slow);
            unboxed(e, Slot.rs3(slot), slow);
            unbox(e, Slot.rs1(slot));
            negate(negateProduct, e.code()::fneg);
            unbox(e, Slot.rs2(slot));
            unbox(e, Slot.rs3(slot));
            negate(negateSum, e.code()::fneg);
            e.call(Math.class, "fma", CD.fmaFloat);
            checkedFloat(e, "normal", slow);
        });
    }

    private static void negate(boolean wanted, Runnable operation) {
        if (wanted) {
            operation.run();
        }
    }

    /** Keeps the double on the stack if it passes the check. */
    private static void checked(RegionEmitter e, String check, Label slow) {
        e.code().dstore(RegionEmitter.DOUBLE).dload(RegionEmitter.DOUBLE);
        e.call(FpChecks.class, check, CD.testDouble);
        e.code().ifeq(slow).dload(RegionEmitter.DOUBLE);
    }

    /** Turns the float on the stack into a boxed register if it passes the check. */
    private static void checkedFloat(RegionEmitter e, String check, Label slow) {
        e.code().fstore(RegionEmitter.SINGLE).fload(RegionEmitter.SINGLE);
        e.call(FpChecks.class, check, CD.testFloat);
        e.code().ifeq(slow).fload(RegionEmitter.SINGLE);
        e.call(FpChecks.class, "box", CD.box);
    }

    private static void unboxed(RegionEmitter e, int register, Label slow) {
        e.f(register);
        e.call(FpChecks.class, "boxed", CD.testDouble);
        e.code().ifeq(slow);
    }

    private static void unbox(RegionEmitter e, int register) {
        e.f(register);
        e.call(FpChecks.class, "unbox", CD.unbox);
    }

    private static void singles() {
        row(FSQRT_S, Rounding.NEAREST, (e, slot, slow) -> {
            e.requireFast(slow);
            unboxed(e, Slot.rs1(slot), slow);
            unbox(e, Slot.rs1(slot));
            e.code().f2d();
            e.call(Math.class, "sqrt", CD.root);
            e.code().d2f(); // correctly rounded: a double has more than twice the digits of a single
            checkedFloat(e, "normal", slow);
        });
        // Only as a move, as compilers write it: see row.
        row(FSGNJ_S, Rounding.ANY, (e, slot, slow) -> {
            unboxed(e, Slot.rs1(slot), slow);
            e.f(Slot.rs1(slot));
        });
    }

    private static void comparisons() {
        compare(FEQ_D, FEQ_S, (code, yes) -> code.dcmpl().ifeq(yes));
        compare(FLT_D, FLT_S, (code, yes) -> code.dcmpg().iflt(yes));
        compare(FLE_D, FLE_S, (code, yes) -> code.dcmpg().ifle(yes));
    }

    private interface Comparison {
        void emit(CodeBuilder code, Label yes);
    }

    /** 1 if it holds, 0 if the operands are ordered otherwise; NaNs are left to the exact form. */
    private static void compare(int op, int single, Comparison comparison) {
        for (boolean isSingle : new boolean[]{false, true}) {
            row(isSingle ? single : op, Rounding.ANY, (e, slot, slow) -> {
                CodeBuilder code = e.code();
                Label yes = code.newLabel();
                Label no = code.newLabel();
                Label end = code.newLabel();
                if (isSingle) {
                    unboxed(e, Slot.rs1(slot), slow);
                    unboxed(e, Slot.rs2(slot), slow);
                }
                operands(e, slot, isSingle);
                comparison.emit(code, yes);
                operands(e, slot, isSingle);
                code.dcmpl().ifge(no);
                operands(e, slot, isSingle);
                code.dcmpg().ifge(slow);
                code.labelBinding(no).lconst_0().goto_(end).labelBinding(yes).lconst_1().labelBinding(end);
            });
        }
    }

    private static void operands(RegionEmitter e, long slot, boolean isSingle) {
        for (int register : new int[]{Slot.rs1(slot), Slot.rs2(slot)}) {
            if (isSingle) {
                unbox(e, register);
                e.code().f2d();
            } else {
                e.f(register);
            }
        }
    }

    private static void moves() {
        sign(FSGNJ_D, "sgnj");
        sign(FSGNJN_D, "sgnjn");
        sign(FSGNJX_D, "sgnjx");
        row(FMV_X_D, Rounding.ANY, (e, slot, slow) -> bits(e, Slot.rs1(slot)));
        row(FMV_D_X, Rounding.ANY, (e, slot, slow) -> {
            e.a(slot);
            e.call(Double.class, "longBitsToDouble", CD.fromBits);
        });
        row(FMV_X_W, Rounding.ANY, (e, slot, slow) -> {
            bits(e, Slot.rs1(slot));
            e.code().l2i().i2l();
        });
        row(FMV_W_X, Rounding.ANY, (e, slot, slow) -> {
            e.a(slot);
            e.code().loadConstant(0xFFFF_FFFF_0000_0000L).lor();
            e.call(Double.class, "longBitsToDouble", CD.fromBits);
        });
    }

    private static void bits(RegionEmitter e, int register) {
        e.f(register);
        e.call(Double.class, "doubleToRawLongBits", CD.toBits);
    }

    private static void sign(int op, String method) {
        row(op, Rounding.ANY, (e, slot, slow) -> {
            if (op == FSGNJ_D && Slot.rs1(slot) == Slot.rs2(slot)) {
                e.f(Slot.rs1(slot));
                return;
            }
            bits(e, Slot.rs1(slot));
            bits(e, Slot.rs2(slot));
            e.call(Doubles.class, method, CD.longs);
            e.call(Double.class, "longBitsToDouble", CD.fromBits);
        });
    }

    private static void conversions() {
        row(FCVT_D_W, Rounding.ANY, (e, slot, slow) -> {
            e.a(slot);
            e.code().l2i().i2d();
        });
        row(FCVT_D_WU, Rounding.ANY, (e, slot, slow) -> {
            e.a(slot);
            e.code().loadConstant(0xFFFF_FFFFL).land().l2d();
        });
        row(FCVT_D_L, Rounding.NEAREST, (e, slot, slow) -> {
            e.requireFast(slow);
            e.a(slot);
            e.code().l2d();
        });
        row(FCVT_S_W, Rounding.NEAREST, (e, slot, slow) -> {
            e.requireFast(slow);
            e.a(slot);
            e.code().l2i().i2f();
            e.call(FpChecks.class, "box", CD.box);
        });
        row(FCVT_S_L, Rounding.NEAREST, (e, slot, slow) -> {
            e.requireFast(slow);
            e.a(slot);
            e.code().l2f();
            e.call(FpChecks.class, "box", CD.box);
        });
        row(FCVT_S_D, Rounding.NEAREST, (e, slot, slow) -> {
            e.requireFast(slow);
            e.f(Slot.rs1(slot));
            e.code().d2f();
            checkedFloat(e, "normal", slow);
        });
        row(FCVT_D_S, Rounding.ANY, (e, slot, slow) -> {
            unboxed(e, Slot.rs1(slot), slow);
            unbox(e, Slot.rs1(slot));
            e.code().f2d();
            checked(e, "finite", slow);
        });
        truncate(FCVT_W_D, FCVT_W_S, "fitsWord", code -> code.d2i().i2l());
        truncate(FCVT_L_D, FCVT_L_S, "fitsLong", CodeBuilder::d2l);
    }

    private static void truncate(int op, int single, String fits, Consumer<CodeBuilder> operation) {
        row(op, Rounding.TRUNCATE, (e, slot, slow) -> {
            e.requireFast(slow);
            e.f(Slot.rs1(slot));
            checked(e, fits, slow);
            operation.accept(e.code());
        });
        row(single, Rounding.TRUNCATE, (e, slot, slow) -> {
            e.requireFast(slow);
            unboxed(e, Slot.rs1(slot), slow);
            unbox(e, Slot.rs1(slot));
            e.code().f2d();
            checked(e, fits, slow);
            operation.accept(e.code());
        });
    }
}
