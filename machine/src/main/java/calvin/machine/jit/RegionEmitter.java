package calvin.machine.jit;

import static calvin.machine.isa.OpIndex.*;

import calvin.machine.hart.Hart;
import calvin.machine.interp.Region;
import calvin.machine.isa.Slot;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the method of a region, {@link Region#run}.
 *
 * <pre>
 * load the registers that the region uses into locals
 * dispatch:  switch on the byte offset {@code at}, which is an entry; else leave to it
 * block:     take the block's length off the budget, or leave at its beginning; its instructions; its jump
 * stub:      where an instruction cannot be done here: give back what was not executed, leave at it
 * leave:     store the registers that the region writes, pc, cycle and instret
 * </pre>
 *
 * Calls within the region are jumps, and an indirect jump to an entry of the region, such as a return, goes through the
 * dispatch. So registers stay in locals over calls and returns.
 */
final class RegionEmitter {
    // Locals. 0 is this; the parameters of run follow.
    static final int HART = 1;
    private static final int PAGE = 2;
    private static final int AT = 4;
    private static final int BUDGET = 5;
    static final int FP_STATE = 6;
    static final int FP_OPS = 7;
    private static final int LEFT = 8;
    private static final int X = 9;
    private static final int F = 10;
    static final int READ_TAGS = 11;
    static final int WRITE_TAGS = 12;
    static final int ADDENDS = 13;
    static final int CONTEXT = 14;
    static final int VA = 16;
    private static final int PC = 18;
    private static final int STATUS = 20;
    /** Lengths of the TLB's arrays less one: an index below such a mask needs no check of bounds. */
    static final int READ_MASK = 22;
    static final int WRITE_MASK = 23;
    static final int ADDEND_MASK = 24;
    /** Number of the page of {@link #VA}. */
    static final int PAGE_NUMBER = 25;
    /** 1 while NX is set and rounding is to nearest, so that the fast forms of {@link FpTable} may be tried. */
    private static final int FAST = 21;
    static final int DOUBLE = 26;
    static final int SINGLE = 28;
    private static final int REGISTERS = 29;

    private static final ClassDesc CD_HART = Hart.class.describeConstable().orElseThrow();
    private static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();

    /** Code out of line: leaves to the interpreter, or to another region, at an offset from the page. */
    private record Stub(Label label, int at, boolean interpret) {}

    private final CodeBuilder code;
    private final RegionShape shape;
    /** By register; floating-point registers come after the integer ones, see {@link Operands}. */
    private final boolean[] used = new boolean[64];
    private final boolean[] written = new boolean[64];
    private final int[] local = new int[64];
    private boolean floats;
    private final List<Runnable> outOfLine = new ArrayList<>();
    private final Map<Integer, Label> labels = new TreeMap<>();
    private final List<Stub> stubs = new ArrayList<>();
    /** By halfword of the page: the instructions from there to the end of the block, which leaving there gives back. */
    private final char[] giveBack = new char[PageImage.BYTES / 2 + 1];
    private Stub last;
    private final Label dispatch;
    private final Label leave;
    private final Label leaveAt;
    private final Label interpretAt;
    private int at;

    RegionEmitter(CodeBuilder code, RegionShape shape) {
        this.code = code;
        this.shape = shape;
        dispatch = code.newLabel();
        leave = code.newLabel();
        leaveAt = code.newLabel();
        interpretAt = code.newLabel();
    }

    CodeBuilder code() {
        return code;
    }

    /** Byte offset of the instruction being emitted. */
    int at() {
        return at;
    }

    void emit() {
        registers();
        prologue();
        dispatch();
        for (int i = 0; i < shape.blocks().size(); i++) {
            Block next = i + 1 < shape.blocks().size() ? shape.blocks().get(i + 1) : null;
            block(shape.blocks().get(i), next);
        }
        outOfLine.forEach(Runnable::run);
        for (Stub stub : stubs) {
            stub(stub);
        }
        epilogue();
    }

    // Registers.

    private void registers() {
        for (Block block : shape.blocks()) {
            labels.put(block.at(), code.newLabel());
            for (long slot : block.slots()) {
                Operands operands = Operands.of(slot);
                operands.reads().forEach(register -> used[register] = true);
                if (operands.writes() >= 0) {
                    used[operands.writes()] = true;
                    written[operands.writes()] = true;
                }
            }
        }
        int next = REGISTERS;
        for (int r = 1; r < 64; r++) {
            local[r] = next;
            next += used[r] ? 2 : 0;
            floats |= used[r] && r >= Operands.FLOAT;
        }
    }

    /** Pushes register rs1. */
    void a(long slot) {
        register(Slot.rs1(slot));
    }

    /** Pushes register rs2. */
    void b(long slot) {
        register(Slot.rs2(slot));
    }

    private void register(int number) {
        if (number == 0) {
            code.lconst_0();
        } else {
            code.lload(local[number]);
        }
    }

    /** Pushes a floating-point register as a double. */
    void f(int number) {
        code.dload(local[Operands.FLOAT + number]);
    }

    /** Pops a long into register rd. */
    void result(long slot) {
        put(Slot.rd(slot) == Slot.SINK ? -1 : Slot.rd(slot));
    }

    /** Pops a long into an integer register, or a double into a floating-point one; -1 is none. */
    void put(int register) {
        if (register < 0) {
            code.pop2();
        } else if (register < Operands.FLOAT) {
            code.lstore(local[register]);
        } else {
            code.dstore(local[register]);
        }
    }

    /** Stores a register's local in the hart. */
    void spill(int register) {
        if (register < Operands.FLOAT) {
            code.aload(X).loadConstant(register).lload(local[register]).lastore();
        } else {
            code.aload(F).loadConstant(register - Operands.FLOAT).dload(local[register]);
            code.invokestatic(ConstantDescs.CD_Double, "doubleToRawLongBits", MethodTypeDesc.of(ConstantDescs.CD_long,
                    ConstantDescs.CD_double)).lastore();
        }
    }

    /** Loads a register's local from the hart. */
    void fill(int register) {
        if (register < Operands.FLOAT) {
            code.aload(X).loadConstant(register).laload().lstore(local[register]);
        } else {
            code.aload(F).loadConstant(register - Operands.FLOAT).laload();
            code.invokestatic(ConstantDescs.CD_Double, "longBitsToDouble", MethodTypeDesc.of(ConstantDescs.CD_double,
                    ConstantDescs.CD_long)).dstore(local[register]);
        }
    }

    /** Goes to {@code slow} unless fast forms may be tried. */
    void requireFast(Label slow) {
        code.iload(FAST).ifeq(slow);
    }

    /** Finds out whether fast forms may be tried. */
    void findFast() {
        field("fcsr", ConstantDescs.CD_int);
        call(FpChecks.class, "fast", MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int));
        code.istore(FAST);
    }

    /** Has code emitted behind the blocks. */
    void later(Runnable emission) {
        outOfLine.add(emission);
    }

    /** Pushes the immediate as a long. */
    void immediate(long slot) {
        code.loadConstant((long) Slot.immediate(slot));
    }

    /** Pushes the address at an offset from the page. */
    void address(int offset) {
        code.lload(PAGE).loadConstant((long) offset).ladd();
    }

    void call(Class<?> owner, String method, MethodTypeDesc type) {
        code.invokestatic(owner.describeConstable().orElseThrow(), method, type);
    }

    // Beginning and end.

    private void prologue() {
        code.iload(BUDGET).istore(LEFT);
        field("x", LONGS).astore(X);
        table("tlbReadTag", READ_TAGS, READ_MASK);
        table("tlbWriteTag", WRITE_TAGS, WRITE_MASK);
        table("tlbAddend", ADDENDS, ADDEND_MASK);
        field("dataContext", ConstantDescs.CD_int).i2l().lstore(CONTEXT);
        if (floats) {
            field("f", LONGS).astore(F);
            findFast();
        }
        for (int r = 1; r < 64; r++) {
            if (used[r]) {
                fill(r);
            }
        }
    }

    private void table(String name, int array, int mask) {
        field(name, LONGS).dup().astore(array).arraylength().iconst_1().isub().istore(mask);
    }

    private CodeBuilder field(String name, ClassDesc type) {
        return code.aload(HART).getfield(CD_HART, name, type);
    }

    private void dispatch() {
        List<SwitchCase> cases = new ArrayList<>();
        for (int entry : shape.entries()) {
            cases.add(SwitchCase.of(entry, labels.get(entry)));
        }
        Label none = code.newLabel();
        code.labelBinding(dispatch).iload(AT).lookupswitch(none, cases).labelBinding(none);
        code.iload(AT).goto_(leaveAt);
    }

    private void epilogue() {
        // An offset from the page is on the stack.
        code.labelBinding(interpretAt).istore(AT).loadConstant(Region.INTERPRET).istore(STATUS);
        code.iload(LEFT).loadConstant(new String(giveBack)).iload(AT).iconst_1().ishr();
        code.invokevirtual(ConstantDescs.CD_String, "charAt", MethodTypeDesc.of(ConstantDescs.CD_char,
                ConstantDescs.CD_int));
        Label at = code.newLabel();
        code.iadd().istore(LEFT).goto_(at);
        code.labelBinding(leaveAt).istore(AT).loadConstant(Region.CONTINUE).istore(STATUS);
        code.labelBinding(at).lload(PAGE).iload(AT).i2l().ladd().lstore(PC).labelBinding(leave);
        for (int r = 1; r < 64; r++) {
            if (written[r]) {
                spill(r);
            }
        }
        code.aload(HART).lload(PC).putfield(CD_HART, "pc", ConstantDescs.CD_long);
        count("cycle");
        count("instret");
        code.iload(STATUS).ireturn();
    }

    private void count(String counter) {
        code.aload(HART).dup().getfield(CD_HART, counter, ConstantDescs.CD_long).iload(BUDGET).iload(LEFT).isub().i2l()
                .ladd().putfield(CD_HART, counter, ConstantDescs.CD_long);
    }

    /** Where to go when the instruction at an offset has to be interpreted. */
    private Label interpret(int offset) {
        if (last == null || last.at != offset) {
            last = new Stub(code.newLabel(), offset, true);
            stubs.add(last);
        }
        return last.label;
    }

    private void stub(Stub stub) {
        code.labelBinding(stub.label).loadConstant(stub.at).goto_(stub.interpret ? interpretAt : leaveAt);
    }

    /** Where a jump to an offset from the page goes: to its block, or out of the region. */
    private Label target(int offset) {
        Label label = labels.get(offset);
        if (label == null) {
            label = code.newLabel();
            stubs.add(new Stub(label, offset, false));
        }
        return label;
    }

    // Blocks.

    private void block(Block block, Block next) {
        int count = block.slots().size();
        code.labelBinding(labels.get(block.at()));
        code.iinc(LEFT, -count).iload(LEFT).iflt(interpret(block.at()));
        at = block.at();
        boolean jumped = false;
        for (int i = 0; i < count; i++) {
            long slot = block.slots().get(i);
            giveBack[at >>> 1] = (char) (count - i);
            jumped = instruction(slot, block.ends(), next);
            at += 2 * Slot.halfwords(slot);
        }
        if (jumped) {
            return;
        }
        if (block.leaves()) {
            code.goto_(interpret(block.ends()));
        } else {
            fallThrough(block.ends(), next);
        }
    }

    private void fallThrough(int offset, Block next) {
        if (next == null || next.at() != offset) {
            code.goto_(target(offset));
        }
    }

    /** Emits one instruction; true if the block ends with it. */
    private boolean instruction(long slot, int ends, Block next) {
        int op = Slot.op(slot);
        if (op == JAL) {
            link(slot, ends);
            fallThrough(at + Slot.immediate(slot), next);
            return true;
        }
        if (op == JALR) {
            indirect(slot, ends);
            return true;
        }
        if (BlockFinder.jumps(slot)) {
            branch(slot);
            fallThrough(ends, next);
            return true;
        }
        if (FpEmitter.knows(op)) {
            FpEmitter.emit(this, slot, interpret(at));
        } else if (MemoryEmitter.knows(op)) {
            MemoryEmitter.emit(this, slot, interpret(at));
        } else if (!Translatable.isOrdering(op) && Slot.rd(slot) != Slot.SINK) {
            AluTable.emit(this, slot);
            result(slot);
        }
        return false;
    }

    private void branch(long slot) {
        a(slot);
        b(slot);
        int op = Slot.op(slot);
        AluTable.compare(this, op == BLTU || op == BGEU);
        Label taken = target(at + Slot.immediate(slot));
        switch (op) {
            case BEQ -> code.ifeq(taken);
            case BNE -> code.ifne(taken);
            case BLT, BLTU -> code.iflt(taken);
            default -> code.ifge(taken);
        }
    }

    private void link(long slot, int ends) {
        if (Slot.rd(slot) != Slot.SINK) {
            address(ends);
            result(slot);
        }
    }

    private void indirect(long slot, int ends) {
        a(slot);
        immediate(slot);
        code.ladd().loadConstant(~1L).land().lstore(PC);
        link(slot, ends);
        code.lload(PC).lload(PAGE).lsub().dup2().l2i().istore(AT).loadConstant(12).lushr().lconst_0().lcmp()
                .ifeq(dispatch);
        code.loadConstant(Region.CONTINUE).istore(STATUS).goto_(leave);
    }
}
