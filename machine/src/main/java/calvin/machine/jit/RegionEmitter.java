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
    private static final int HART = 1;
    private static final int PAGE = 2;
    private static final int AT = 4;
    private static final int BUDGET = 5;
    private static final int LEFT = 7;
    private static final int X = 8;
    static final int READ_TAGS = 9;
    static final int WRITE_TAGS = 10;
    static final int ADDENDS = 11;
    static final int CONTEXT = 12;
    static final int VA = 14;
    private static final int PC = 16;
    private static final int STATUS = 18;
    private static final int REGISTERS = 20;

    private static final ClassDesc CD_HART = Hart.class.describeConstable().orElseThrow();
    private static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();

    /** Code out of line: gives back instructions and leaves with a status at an offset from the page. */
    private record Stub(Label label, int giveBack, int at, int status) {}

    private final CodeBuilder code;
    private final RegionShape shape;
    private final boolean[] used = new boolean[33];
    private final boolean[] written = new boolean[33];
    private final int[] local = new int[33];
    private final Map<Integer, Label> labels = new TreeMap<>();
    private final List<Stub> stubs = new ArrayList<>();
    private final Label dispatch;
    private final Label leave;
    private final Label leaveAt;
    private int at;

    RegionEmitter(CodeBuilder code, RegionShape shape) {
        this.code = code;
        this.shape = shape;
        dispatch = code.newLabel();
        leave = code.newLabel();
        leaveAt = code.newLabel();
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
                used[Slot.rs1(slot)] = true;
                used[Slot.rs2(slot)] = true;
                if (writesInteger(slot)) {
                    used[Slot.rd(slot)] = true;
                    written[Slot.rd(slot)] = true;
                }
            }
        }
        used[0] = false;
        used[Slot.SINK] = false;
        written[Slot.SINK] = false;
        int next = REGISTERS;
        for (int r = 1; r < 32; r++) {
            local[r] = next;
            next += used[r] ? 2 : 0;
        }
    }

    private static boolean writesInteger(long slot) {
        int op = Slot.op(slot);
        return AluTable.knows(op) || op >= LB && op <= LWU || op == JAL || op == JALR;
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

    /** Pops a long into register rd. */
    void result(long slot) {
        if (Slot.rd(slot) == Slot.SINK) {
            code.pop2();
        } else {
            code.lstore(local[Slot.rd(slot)]);
        }
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
        field("tlbReadTag", LONGS).astore(READ_TAGS);
        field("tlbWriteTag", LONGS).astore(WRITE_TAGS);
        field("tlbAddend", LONGS).astore(ADDENDS);
        field("dataContext", ConstantDescs.CD_int).i2l().lstore(CONTEXT);
        code.lconst_0().lstore(VA);
        for (int r = 1; r < 32; r++) {
            if (used[r]) {
                code.aload(X).loadConstant(r).laload().lstore(local[r]);
            }
        }
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
        code.loadConstant(Region.CONTINUE).istore(STATUS).goto_(leaveAt);
    }

    private void epilogue() {
        code.labelBinding(leaveAt).lload(PAGE).iload(AT).i2l().ladd().lstore(PC);
        code.labelBinding(leave);
        for (int r = 1; r < 32; r++) {
            if (written[r]) {
                code.aload(X).loadConstant(r).lload(local[r]).lastore();
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

    private Label stub(int giveBack, int offset, int status) {
        Label label = code.newLabel();
        stubs.add(new Stub(label, giveBack, offset, status));
        return label;
    }

    private void stub(Stub stub) {
        code.labelBinding(stub.label);
        if (stub.giveBack != 0) {
            code.iinc(LEFT, stub.giveBack);
        }
        code.loadConstant(stub.status).istore(STATUS).loadConstant(stub.at).istore(AT).goto_(leaveAt);
    }

    /** Where a jump to an offset from the page goes: to its block, or out of the region. */
    private Label target(int offset) {
        Label label = labels.get(offset);
        return label != null ? label : stub(0, offset, Region.CONTINUE);
    }

    // Blocks.

    private void block(Block block, Block next) {
        int count = block.slots().size();
        code.labelBinding(labels.get(block.at()));
        code.iinc(LEFT, -count).iload(LEFT).iflt(stub(count, block.at(), Region.INTERPRET));
        at = block.at();
        boolean jumped = false;
        for (int i = 0; i < count; i++) {
            long slot = block.slots().get(i);
            jumped = instruction(slot, count - i, block.ends(), next);
            at += 2 * Slot.halfwords(slot);
        }
        if (jumped) {
            return;
        }
        if (block.leaves()) {
            code.goto_(stub(0, block.ends(), Region.INTERPRET));
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
    private boolean instruction(long slot, int giveBack, int ends, Block next) {
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
        if (MemoryEmitter.knows(op)) {
            MemoryEmitter.emit(this, slot, stub(giveBack, at, Region.INTERPRET));
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
