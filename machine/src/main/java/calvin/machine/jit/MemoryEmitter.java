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
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Loads and stores: a check of the TLB, an exit where it misses, and the access. A hit means plain, unwatched RAM, so a
 * region never changes code, a page table or a device's registers.
 */
final class MemoryEmitter {
    private static final ClassDesc MEMORY = HostMemory.class.describeConstable().orElseThrow();
    private static final ClassDesc SEGMENT = MemorySegment.class.describeConstable().orElseThrow();
    private static final ClassDesc[] LAYOUTS = {layout(ValueLayout.OfByte.class), layout(ValueLayout.OfShort.class),
        layout(ValueLayout.OfInt.class), layout(ValueLayout.OfLong.class)};
    private static final ClassDesc[] TYPES = {ConstantDescs.CD_byte, ConstantDescs.CD_short, ConstantDescs.CD_int,
        ConstantDescs.CD_long};
    private static final MethodTypeDesc BITS = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_double);
    private static final MethodTypeDesc FROM_BITS = MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_long);

    private static ClassDesc layout(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

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
        check(e, store, Slot.sizeLog2(slot), miss);
        if (store) {
            store(e, slot);
        } else {
            load(e, slot);
        }
    }

    /**
     * Goes to {@code miss} unless the access at the address on the stack hits and stays on its page. In the region
     * itself, since HotSpot would not inline calls where it has seen the region go rarely.
     */
    private static void check(RegionEmitter e, boolean store, int sizeLog2, Label miss) {
        CodeBuilder code = e.code();
        code.dup2().lstore(RegionEmitter.VA).loadConstant(12).lushr().l2i().istore(RegionEmitter.PAGE_NUMBER);
        code.aload(store ? RegionEmitter.WRITE_TAGS : RegionEmitter.READ_TAGS).iload(RegionEmitter.PAGE_NUMBER);
        code.iload(store ? RegionEmitter.WRITE_MASK : RegionEmitter.READ_MASK).iand().laload();
        code.lload(RegionEmitter.VA);
        if (sizeLog2 > 0) {
            code.loadConstant((1L << sizeLog2) - 1).ladd();
        }
        code.loadConstant(~0xFFFL).land().lload(RegionEmitter.CONTEXT).lor().lcmp().ifne(miss);
    }

    /** Leaves the arguments of an access on the stack: the address space, a layout, the host address. */
    private static void host(RegionEmitter e, int sizeLog2) {
        CodeBuilder code = e.code();
        code.getstatic(MEMORY, "ALL", SEGMENT).getstatic(MEMORY, "I" + (8 << sizeLog2), LAYOUTS[sizeLog2]);
        code.lload(RegionEmitter.VA).aload(RegionEmitter.ADDENDS).iload(RegionEmitter.PAGE_NUMBER);
        code.iload(RegionEmitter.ADDEND_MASK).iand().laload().ladd();
    }

    private static void load(RegionEmitter e, long slot) {
        int register = Operands.of(slot).writes();
        if (register < 0) {
            return;
        }
        int size = Slot.sizeLog2(slot);
        CodeBuilder code = e.code();
        host(e, size);
        code.invokeinterface(SEGMENT, "get", MethodTypeDesc.of(TYPES[size], LAYOUTS[size], ConstantDescs.CD_long));
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
            e.call(Double.class, "longBitsToDouble", FROM_BITS);
        }
        e.put(register);
    }

    private static void store(RegionEmitter e, long slot) {
        int size = Slot.sizeLog2(slot);
        CodeBuilder code = e.code();
        host(e, size);
        if (FpEmitter.isStore(Slot.op(slot))) {
            e.f(Slot.rs2(slot));
            e.call(Double.class, "doubleToRawLongBits", BITS);
        } else {
            e.b(slot);
        }
        switch (size) {
            case 0 -> code.l2i().i2b();
            case 1 -> code.l2i().i2s();
            case 2 -> code.l2i();
            default -> {
            }
        }
        code.invokeinterface(SEGMENT, "set", MethodTypeDesc.of(ConstantDescs.CD_void, LAYOUTS[size],
                ConstantDescs.CD_long, TYPES[size]));
    }
}
