package calvin.machine.isa;

import java.util.ArrayList;
import java.util.List;

/** Operand lists in assembler notation, {@code "rd, imm(rs1)"}: how they split and which field an operand names. */
final class Syntax {
    private Syntax() {}

    /** The operands in order, punctuation dropped. */
    static List<String> operands(String text) {
        List<String> operands = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || ",() \t".indexOf(text.charAt(i)) >= 0) {
                if (i > start) {
                    operands.add(text.substring(start, i));
                }
                start = i + 1;
            }
        }
        return operands;
    }

    /** The encoding field behind an operand: floating-point registers share the fields of the integer ones. */
    static String fieldName(String operand) {
        return switch (operand) {
            case "fd" -> "rd";
            case "fd'" -> "rd'";
            case "fs1" -> "rs1";
            case "fs2" -> "rs2";
            case "fs2'" -> "rs2'";
            case "fs3" -> "rs3";
            default -> operand;
        };
    }
}
