package calvin.machine.jit;

import static calvin.machine.isa.OpIndex.*;

import calvin.machine.exec.Bits;
import calvin.machine.exec.Multiply;
import calvin.machine.isa.Slot;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;

/**
 * How each instruction that computes from integer registers to an integer register becomes bytecode that leaves the
 * result on the stack: some bytecodes where Java has the operation, else a call of its semantic method.
 */
final class AluTable {
    /** One row. */
    interface Row {
        void emit(RegionEmitter e, long slot);
    }

    private static final MethodTypeDesc UNARY = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long);
    private static final MethodTypeDesc BINARY = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long,
            ConstantDescs.CD_long);
    private static final MethodTypeDesc SHIFT_ADD = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long,
            ConstantDescs.CD_long, ConstantDescs.CD_int);

    private static final Row[] ROWS = new Row[LIMIT];
    static {
        base();
        words();
        multiply();
        addresses();
        bits();
        rotations();
        single();
    }

    private AluTable() {}

    static boolean knows(int op) {
        return ROWS[op] != null;
    }

    /** Leaves the result on the stack. */
    static void emit(RegionEmitter e, long slot) {
        ROWS[Slot.op(slot)].emit(e, slot);
    }

    private static void base() {
        ROWS[LUI] = RegionEmitter::immediate;
        ROWS[AUIPC] = (e, slot) -> e.address(e.at() + Slot.immediate(slot));
        ROWS[ADDI] = (e, slot) -> {
            if (Slot.rs1(slot) == 0) {
                e.immediate(slot);
            } else {
                e.a(slot);
                if (Slot.immediate(slot) != 0) {
                    e.immediate(slot);
                    e.code().ladd();
                }
            }
        };
        ROWS[ADD] = (e, slot) -> {
            if (Slot.rs1(slot) == 0) {
                e.b(slot);
            } else {
                both(e, slot, CodeBuilder::ladd);
            }
        };
        immediate(XORI, CodeBuilder::lxor);
        immediate(ORI, CodeBuilder::lor);
        immediate(ANDI, CodeBuilder::land);
        binary(SUB, CodeBuilder::lsub);
        binary(XOR, CodeBuilder::lxor);
        binary(OR, CodeBuilder::lor);
        binary(AND, CodeBuilder::land);
        shift(SLLI, CodeBuilder::lshl);
        shift(SRLI, CodeBuilder::lushr);
        shift(SRAI, CodeBuilder::lshr);
        shiftBy(SLL, CodeBuilder::lshl);
        shiftBy(SRL, CodeBuilder::lushr);
        shiftBy(SRA, CodeBuilder::lshr);
        less(SLT, false, false);
        less(SLTU, true, false);
        less(SLTI, false, true);
        less(SLTIU, true, true);
    }

    private static void words() {
        ROWS[ADDIW] = (e, slot) -> {
            e.a(slot);
            e.code().l2i();
            if (Slot.immediate(slot) != 0) {
                e.code().loadConstant(Slot.immediate(slot)).iadd();
            }
            e.code().i2l();
        };
        word(ADDW, CodeBuilder::iadd);
        word(SUBW, CodeBuilder::isub);
        word(SLLW, CodeBuilder::ishl);
        word(SRLW, CodeBuilder::iushr);
        word(SRAW, CodeBuilder::ishr);
        word(MULW, CodeBuilder::imul);
        wordShift(SLLIW, CodeBuilder::ishl);
        wordShift(SRLIW, CodeBuilder::iushr);
        wordShift(SRAIW, CodeBuilder::ishr);
    }

    private static void multiply() {
        binary(MUL, CodeBuilder::lmul);
        binary(MULH, Multiply.class, "mulh");
        binary(MULHSU, Multiply.class, "mulhsu");
        binary(MULHU, Multiply.class, "mulhu");
        binary(DIV, Multiply.class, "div");
        binary(DIVU, Multiply.class, "divu");
        binary(REM, Multiply.class, "rem");
        binary(REMU, Multiply.class, "remu");
        binary(DIVW, Multiply.class, "divw");
        binary(DIVUW, Multiply.class, "divuw");
        binary(REMW, Multiply.class, "remw");
        binary(REMUW, Multiply.class, "remuw");
    }

    private static void addresses() {
        shiftAdd(ADD_UW, 0, true);
        shiftAdd(SH1ADD, 1, false);
        shiftAdd(SH2ADD, 2, false);
        shiftAdd(SH3ADD, 3, false);
        shiftAdd(SH1ADD_UW, 1, true);
        shiftAdd(SH2ADD_UW, 2, true);
        shiftAdd(SH3ADD_UW, 3, true);
        ROWS[SLLI_UW] = (e, slot) -> {
            e.a(slot);
            e.call(Bits.class, "word", UNARY);
            e.code().loadConstant(Slot.immediate(slot)).lshl();
        };
    }

    private static void bits() {
        inverted(ANDN, CodeBuilder::land);
        inverted(ORN, CodeBuilder::lor);
        inverted(XNOR, CodeBuilder::lxor); // ~(a ^ b) is a ^ ~b
        unary(CLZ, Bits.class, "clz");
        unary(CTZ, Bits.class, "ctz");
        unary(CPOP, Bits.class, "cpop");
        unary(CLZW, Bits.class, "clzw");
        unary(CTZW, Bits.class, "ctzw");
        unary(CPOPW, Bits.class, "cpopw");
        unary(ORC_B, Bits.class, "orcb");
        unary(REV8, Long.class, "reverseBytes");
        binary(MIN, Math.class, "min");
        binary(MAX, Math.class, "max");
        binary(MINU, Bits.class, "minu");
        binary(MAXU, Bits.class, "maxu");
        ROWS[SEXT_B] = (e, slot) -> narrow(e, slot, code -> code.i2b().i2l());
        ROWS[SEXT_H] = (e, slot) -> narrow(e, slot, code -> code.i2s().i2l());
        ROWS[ZEXT_H] = (e, slot) -> narrow(e, slot, code -> code.i2c().i2l());
    }

    private static void rotations() {
        binary(ROL, Bits.class, "rol");
        binary(ROR, Bits.class, "ror");
        binary(ROLW, Bits.class, "rolw");
        binary(RORW, Bits.class, "rorw");
        withAmount(RORI, "ror");
        withAmount(RORIW, "rorw");
        binary(CLMUL, Bits.class, "clmul");
        binary(CLMULR, Bits.class, "clmulr");
        binary(CLMULH, Bits.class, "clmulh");
    }

    private static void single() {
        binary(BCLR, Bits.class, "bclr");
        binary(BEXT, Bits.class, "bext");
        binary(BINV, Bits.class, "binv");
        binary(BSET, Bits.class, "bset");
        withAmount(BCLRI, "bclr");
        withAmount(BEXTI, "bext");
        withAmount(BINVI, "binv");
        withAmount(BSETI, "bset");
        binary(CZERO_EQZ, Bits.class, "czeroEqz");
        binary(CZERO_NEZ, Bits.class, "czeroNez");
    }

    // The shapes that rows have.

    private static void both(RegionEmitter e, long slot, Consumer<CodeBuilder> operation) {
        e.a(slot);
        e.b(slot);
        operation.accept(e.code());
    }

    private static void binary(int op, Consumer<CodeBuilder> operation) {
        ROWS[op] = (e, slot) -> both(e, slot, operation);
    }

    private static void binary(int op, Class<?> owner, String method) {
        ROWS[op] = (e, slot) -> {
            e.a(slot);
            e.b(slot);
            e.call(owner, method, BINARY);
        };
    }

    private static void unary(int op, Class<?> owner, String method) {
        ROWS[op] = (e, slot) -> {
            e.a(slot);
            e.call(owner, method, UNARY);
        };
    }

    private static void withAmount(int op, String method) {
        ROWS[op] = (e, slot) -> {
            e.a(slot);
            e.immediate(slot);
            e.call(Bits.class, method, BINARY);
        };
    }

    private static void immediate(int op, Consumer<CodeBuilder> operation) {
        ROWS[op] = (e, slot) -> {
            e.a(slot);
            e.immediate(slot);
            operation.accept(e.code());
        };
    }

    private static void shift(int op, Consumer<CodeBuilder> operation) {
        ROWS[op] = (e, slot) -> {
            e.a(slot);
            operation.accept(e.code().loadConstant(Slot.immediate(slot)));
        };
    }

    private static void shiftBy(int op, Consumer<CodeBuilder> operation) {
        ROWS[op] = (e, slot) -> {
            e.a(slot);
            e.b(slot);
            operation.accept(e.code().l2i());
        };
    }

    private static void word(int op, Consumer<CodeBuilder> operation) {
        ROWS[op] = (e, slot) -> {
            e.a(slot);
            e.code().l2i();
            e.b(slot);
            operation.accept(e.code().l2i());
            e.code().i2l();
        };
    }

    private static void wordShift(int op, Consumer<CodeBuilder> operation) {
        ROWS[op] = (e, slot) -> {
            e.a(slot);
            operation.accept(e.code().l2i().loadConstant(Slot.immediate(slot)));
            e.code().i2l();
        };
    }

    private static void narrow(RegionEmitter e, long slot, Consumer<CodeBuilder> operation) {
        e.a(slot);
        operation.accept(e.code().l2i());
    }

    private static void inverted(int op, Consumer<CodeBuilder> operation) {
        ROWS[op] = (e, slot) -> {
            e.a(slot);
            e.b(slot);
            operation.accept(e.code().loadConstant(-1L).lxor());
        };
    }

    private static void shiftAdd(int op, int amount, boolean word) {
        ROWS[op] = (e, slot) -> {
            e.a(slot);
            if (word) {
                e.call(Bits.class, "word", UNARY);
            }
            e.b(slot);
            e.code().loadConstant(amount);
            e.call(Bits.class, "shiftAdd", SHIFT_ADD);
        };
    }

    private static void less(int op, boolean unsigned, boolean immediate) {
        ROWS[op] = (e, slot) -> {
            e.a(slot);
            if (immediate) {
                e.immediate(slot);
            } else {
                e.b(slot);
            }
            compare(e, unsigned);
            Label no = e.code().newLabel();
            Label end = e.code().newLabel();
            e.code().ifge(no).lconst_1().goto_(end).labelBinding(no).lconst_0().labelBinding(end);
        };
    }

    /** Leaves the sign of the comparison of the two longs on the stack. */
    static void compare(RegionEmitter e, boolean unsigned) {
        if (unsigned) {
            e.call(Long.class, "compareUnsigned", MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_long,
                    ConstantDescs.CD_long));
        } else {
            e.code().lcmp();
        }
    }
}
