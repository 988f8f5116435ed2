package calvin.machine.jit;

import static calvin.machine.isa.OpIndex.*;

import calvin.machine.exec.Fpu;
import calvin.machine.hart.Hart;
import calvin.machine.interp.FpOps;
import calvin.machine.isa.Slot;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Floating-point instructions. Where {@link FpTable} has a fast form, it is tried; whatever it does not cover is done
 * by {@link FpOps}, exactly, out of line: registers are stored, the instruction is executed as the interpreter would,
 * and its result is loaded.
 */
final class FpEmitter {
    /** What {@code fpState} of {@link calvin.machine.interp.Region#run} must be at least. */
    private static final int ON = 1;
    private static final int DIRTY = 2;

    private static final ClassDesc CD_OPS = FpOps.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc EXECUTE = MethodTypeDesc.of(ConstantDescs.CD_boolean,
            Hart.class.describeConstable().orElseThrow(), ConstantDescs.CD_long);

    private FpEmitter() {}

    static boolean knows(int op) {
        return FpOps.knows(op);
    }

    /** Leaves unless floating point is on, and is marked dirty where the instruction makes it so. */
    static void requireOn(RegionEmitter e, boolean dirties, Label leave) {
        e.code().iload(RegionEmitter.FP_STATE).loadConstant(dirties ? DIRTY : ON).if_icmplt(leave);
    }

    static void emit(RegionEmitter e, long slot, Label leave) {
        requireOn(e, FpOps.dirties(Slot.op(slot)), leave);
        FpTable.Row row = FpTable.row(slot);
        if (row == null) {
            exact(e, slot, leave);
            return;
        }
        Label slow = e.code().newLabel();
        Label done = e.code().newLabel();
        row.emit(e, slot, slow);
        e.put(Operands.of(slot).writes());
        e.code().labelBinding(done);
        e.later(() -> {
            e.code().labelBinding(slow);
            exact(e, slot, leave);
            e.code().goto_(done);
        });
    }

    private static void exact(RegionEmitter e, long slot, Label leave) {
        Operands operands = Operands.of(slot);
        for (int register : operands.reads()) {
            e.spill(register);
        }
        e.code().aload(RegionEmitter.FP_OPS).aload(RegionEmitter.HART).loadConstant(slot);
        e.code().invokevirtual(CD_OPS, "execute", EXECUTE).ifeq(leave);
        if (operands.writes() >= 0) {
            e.fill(operands.writes());
        }
        e.findFast();
    }

    /** Whether the rounding mode is to nearest if it is when the region is fast. */
    static boolean toNearest(long slot) {
        return Slot.rm(slot) == Fpu.RNE || Slot.rm(slot) == 7;
    }

    static boolean isLoad(int op) {
        return op == FLW || op == FLD;
    }

    static boolean isStore(int op) {
        return op == FSW || op == FSD;
    }
}
