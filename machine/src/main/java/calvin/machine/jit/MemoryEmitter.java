package calvin.machine.jit;

import static calvin.machine.isa.OpIndex.*;

import calvin.machine.interp.FpOps;
import calvin.machine.isa.Slot;
import calvin.machine.mem.HostMemory;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Loads and stores: a check of the TLB, an exit where it misses, and the access. A hit means plain, unwatched RAM, so a
 * region never changes code, a page table or a device's registers.
 */
final class MemoryEmitter {
    private static final MethodTypeDesc MISSES = MethodTypeDesc.of(ConstantDescs.CD_boolean,
            ConstantDescs.CD_long, ConstantDescs.CD_long.arrayType(), ConstantDescs.CD_long, ConstantDescs.CD_int);
    private static final MethodTypeDesc HOST = MethodTypeDesc.of(ConstantDescs.CD_long,
            ConstantDescs.CD_long, ConstantDescs.CD_long.arrayType());

    private MemoryEmitter() {}

    static boolean knows(int op) {
        return op >= LB && op <= SD || FpEmitter.isLoad(op) || FpEmitter.isStore(op);
    }

    static void emit(RegionEmitter e, long slot, Label miss) {
        int op = Slot.op(slot);
        boolean store = op >= SB && op <= SD || FpEmitter.isStore(op);
        if (FpEmitter.isLoad(op) || FpEmitter.isStore(op)) {
            FpEmitter.requireOn(e, FpEmitter.isLoad(op), miss);
        }
        e.a(slot);
        if (Slot.immediate(slot) != 0) {
            e.immediate(slot);
            e.code().ladd();
        }
        e.code().dup2().lstore(RegionEmitter.VA);
        check(e, store ? RegionEmitter.WRITE_TAGS : RegionEmitter.READ_TAGS, Slot.sizeLog2(slot), "misses", miss);
        if (store) {
            store(e, slot);
        } else {
            load(e, slot);
        }
    }

    /** Goes to {@code miss} unless the access at the address on the stack hits. */
    private static void check(RegionEmitter e, int tags, int sizeLog2, String method, Label miss) {
        e.code().aload(tags).lload(RegionEmitter.CONTEXT).loadConstant((1 << sizeLog2) - 1);
        e.call(Tlb.class, method, MISSES);
        e.code().ifne(miss);
    }

    /** Leaves the host address on the stack. */
    private static void host(RegionEmitter e) {
        e.code().lload(RegionEmitter.VA).aload(RegionEmitter.ADDENDS);
        e.call(Tlb.class, "host", HOST);
    }

    private static final ClassDesc[] TYPES = {ConstantDescs.CD_byte, ConstantDescs.CD_short, ConstantDescs.CD_int,
        ConstantDescs.CD_long};

    private static void load(RegionEmitter e, long slot) {
        int register = Operands.of(slot).writes();
        if (register < 0) {
            return;
        }
        host(e);
        int size = Slot.sizeLog2(slot);
        e.call(HostMemory.class, "i" + (8 << size), MethodTypeDesc.of(TYPES[size], ConstantDescs.CD_long));
        CodeBuilder code = e.code();
        switch (Slot.op(slot)) {
            case LB, LH, LW -> code.i2l();
            case LBU -> code.loadConstant(0xFF).iand().i2l();
            case LHU -> code.i2c().i2l();
            case LWU -> code.i2l().loadConstant(0xFFFF_FFFFL).land();
            case FLW -> code.i2l().loadConstant(FpOps.BOX).lor();
            default -> {
            }
        }
        if (register >= Operands.FLOAT) {
            e.call(Double.class, "longBitsToDouble", MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_long));
        }
        e.put(register);
    }

    private static void store(RegionEmitter e, long slot) {
        host(e);
        if (FpEmitter.isStore(Slot.op(slot))) {
            e.f(Slot.rs2(slot));
            e.call(Double.class, "doubleToRawLongBits", MethodTypeDesc.of(ConstantDescs.CD_long,
                    ConstantDescs.CD_double));
        } else {
            e.b(slot);
        }
        CodeBuilder code = e.code();
        int size = Slot.sizeLog2(slot);
        switch (size) {
            case 0 -> code.l2i().i2b();
            case 1 -> code.l2i().i2s();
            case 2 -> code.l2i();
            default -> {
            }
        }
        e.call(HostMemory.class, "i" + (8 << size), MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long,
                TYPES[size]));
    }
}
