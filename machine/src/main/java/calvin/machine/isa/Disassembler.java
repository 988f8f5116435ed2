package calvin.machine.isa;

import java.util.EnumSet;

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
        int start = 0;
        for (int i = 0; i <= syntax.length(); i++) {
            if (i == syntax.length() || ",() ".indexOf(syntax.charAt(i)) >= 0) {
                text.append(i > start ? operand(op, syntax.substring(start, i), word) : "");
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
            case "off" -> String.format("%s%d", immediate(op, word) < 0 ? "." : ".+", immediate(op, word));
            case "imm20" -> "0x" + Integer.toHexString(immediate(op, word) >>> 12);
            case "shamt" -> "0x" + Integer.toHexString(immediate(op, word));
            default -> Integer.toString(immediate(op, word));
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
