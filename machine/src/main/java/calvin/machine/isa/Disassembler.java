package calvin.machine.isa;

import java.util.EnumSet;
import java.util.function.UnaryOperator;

/** Encodings to text in the notation of GNU objdump without aliases: {@code "addi a0, a0, -1"}. */
public final class Disassembler {
    private static final Decoder ALL = new Decoder(EnumSet.allOf(Extension.class));

    private Disassembler() {}

    /** The text of an instruction; jump targets as {@code .+8}; {@code .word 0x...} for an illegal one. */
    public static String disassemble(int word) {
        Op op = ALL.find(word);
        if (op == null) {
            return Decoder.isCompressed(word)
                    ? ".half 0x" + Integer.toHexString(word & 0xFFFF)
                    : ".word 0x" + Integer.toHexString(word);
        }
        return disassemble(op, word);
    }

    /**
     * As objdump shows it by default: pseudo-instructions by their names, and compressed forms as what they execute
     * ({@code "ret"} for {@code jalr zero, 0(ra)} and {@code c.jr ra}).
     */
    public static String disassembleShort(int word) {
        Op op = ALL.find(word);
        if (op == null) {
            return disassemble(word);
        }
        if (op == Op.C_MV) {
            return disassemble(op, word).substring(2); // though it executes ADD
        }
        String text = op.compressed() ? expansion(op, word & 0xFFFF) : disassemble(op, word);
        int space = text.indexOf(' ') < 0 ? text.length() : text.indexOf(' ');
        return Alias.shorten(text.substring(0, space), text.substring(space).strip());
    }

    /** What a compressed form executes, out of its slot. */
    private static String expansion(Op op, int word) {
        long slot = op.slot(word);
        return op.expansion.mnemonic + (op.expansion.syntax.isEmpty() ? "" : " ")
                + render(op.expansion.syntax, role -> switch (role) {
                    case "rd" -> Registers.name(Slot.rd(slot) & 31);
                    case "rs1" -> Registers.name(Slot.rs1(slot));
                    case "rs2" -> Registers.name(Slot.rs2(slot));
                    case "fd" -> Registers.floatName(Slot.rd(slot));
                    case "fs2" -> Registers.floatName(Slot.rs2(slot));
                    default -> immediate(role, Slot.immediate(slot));
                });
    }

    static String disassemble(Op op, int word) {
        StringBuilder text = new StringBuilder(op.mnemonic);
        if (op.kind == Op.Kind.ATOMIC) {
            String ordering = (op.pattern.field("aq").value(word) != 0 ? "aq" : "")
                    + (op.pattern.field("rl").value(word) != 0 ? "rl" : "");
            text.append(ordering.isEmpty() ? "" : "." + ordering);
        }
        boolean dynamic = op.syntax.endsWith(", rm") && value(op, "rm", word) == 7;
        String syntax = dynamic ? op.syntax.substring(0, op.syntax.length() - 4) : op.syntax;
        text.append(syntax.isEmpty() ? "" : " ");
        return text.append(render(syntax, role -> operand(op, role, word))).toString();
    }

    /** An operand list with each role replaced by its text. */
    private static String render(String syntax, UnaryOperator<String> operands) {
        StringBuilder text = new StringBuilder();
        int start = 0;
        for (int i = 0; i <= syntax.length(); i++) {
            if (i == syntax.length() || ",() ".indexOf(syntax.charAt(i)) >= 0) {
                text.append(i > start ? operands.apply(syntax.substring(start, i)) : "");
                text.append(i < syntax.length() ? syntax.substring(i, i + 1) : "");
                start = i + 1;
            }
        }
        return text.toString();
    }

    private static String operand(Op op, String role, int word) {
        return switch (role) {
            case "rd", "rs1", "rs2", "rd'", "rs1'", "rs2'" -> Registers.name(value(op, role, word));
            case "fd", "fs1", "fs2", "fs3", "fd'", "fs2'" ->
                    Registers.floatName(value(op, Syntax.fieldName(role), word));
            case "sp", "zero" -> role;
            case "rm" -> Assembler.roundingName(value(op, role, word));
            case "csr" -> Csr.nameOf(value(op, role, word));
            case "zimm" -> Integer.toString(value(op, role, word));
            case "pred", "succ" -> fenceSet(value(op, role, word));
            default -> immediate(role, immediate(op, word));
        };
    }

    private static String immediate(String role, int value) {
        return switch (role) {
            case "off" -> String.format("%s%d", value < 0 ? "." : ".+", value);
            case "imm20" -> "0x" + Integer.toHexString(value >>> 12);
            case "shamt" -> "0x" + Integer.toHexString(value);
            default -> Integer.toString(value);
        };
    }

    private static int value(Op op, String field, int word) {
        return op.pattern.field(field).value(word);
    }

    private static int immediate(Op op, int word) {
        return op.pattern.immediate().value(word);
    }

    private static String fenceSet(int set) {
        String text = "";
        for (int bit = 3; bit >= 0; bit--) {
            text += (set >> bit & 1) != 0 ? "wroi".charAt(bit) : "";
        }
        return text.isEmpty() ? "0" : text;
    }
}
