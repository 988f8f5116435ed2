package calvin.machine.isa;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One instruction in assembler notation to its encoding, by the table's syntax. Notation is that of GNU as, with the
 * pseudo-instructions of {@link Alias}; the rounding mode defaults to {@code dyn}, and the offset of {@code imm(rs1)}
 * to 0. Whole programs, with labels and data, are {@link Program}'s.
 */
public final class Assembler {
    private static final Map<String, Op> BY_MNEMONIC = new HashMap<>();
    private static final Map<Op, List<String>> WANTED = new EnumMap<>(Op.class);
    private static final List<String> ROUNDING = List.of("rne", "rtz", "rdn", "rup", "rmm", "?", "?", "dyn");
    static {
        for (Op op : Op.values()) {
            BY_MNEMONIC.put(op.mnemonic, op);
            WANTED.put(op, Syntax.operands(op.syntax));
        }
    }

    private Assembler() {}

    /** Finds the value of a symbol; throws {@link IllegalArgumentException} if there is none. */
    interface Symbols {
        long valueOf(String name);
    }

    /** The row of this mnemonic without its {@code .aq}/{@code .rl} suffix, or null. */
    public static Op op(String mnemonic) {
        return BY_MNEMONIC.get(mnemonic);
    }

    /**
     * The encoding of one instruction, in the low 16 bits for a compressed form. Targets of jumps are {@code .+8},
     * {@code .-4}.
     *
     * @throws IllegalArgumentException says what is wrong with the text
     */
    public static int assemble(String text) {
        return assemble(text, 0, name -> {
            throw new IllegalArgumentException("no such symbol: " + name);
        });
    }

    static int assemble(String text, long pc, Symbols symbols) {
        String line = text.strip();
        int space = line.indexOf(' ') < 0 ? line.length() : line.indexOf(' ');
        String mnemonic = line.substring(0, space).toLowerCase(Locale.ROOT);
        int ordering = 0;
        Op op = BY_MNEMONIC.get(mnemonic);
        if (op == null && (mnemonic.endsWith(".aq") || mnemonic.endsWith("rl") && mnemonic.contains("."))) {
            String suffix = mnemonic.substring(mnemonic.lastIndexOf('.') + 1);
            ordering = (suffix.startsWith("aq") ? 2 : 0) | (suffix.endsWith("rl") ? 1 : 0);
            op = BY_MNEMONIC.get(mnemonic.substring(0, mnemonic.lastIndexOf('.')));
        }
        String alias = Alias.expand(mnemonic, line.substring(space));
        if (alias != null) {
            return assemble(alias, pc, symbols);
        }
        if (op == null || ordering != 0 && op.kind != Op.Kind.ATOMIC) {
            throw new IllegalArgumentException("no such instruction: " + text);
        }
        try {
            return encode(op, Syntax.operands(line.substring(space)), ordering, pc, symbols);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(text + ": " + wrong.getMessage(), wrong);
        }
    }

    private static int encode(Op op, List<String> given, int ordering, long pc, Symbols symbols) {
        List<String> wanted = WANTED.get(op);
        List<String> operands = new ArrayList<>(given);
        if (operands.size() == wanted.size() - 1 && wanted.getLast().equals("rm")) {
            operands.add("dyn");
        } else if (operands.size() == wanted.size() - 1 && op.syntax.contains("imm(")) {
            operands.add(operands.size() - 1, "0");
        }
        if (operands.size() != wanted.size()) {
            throw new IllegalArgumentException("operands are \"" + op.syntax + "\"");
        }
        int word = op.match;
        for (int i = 0; i < wanted.size(); i++) {
            word |= operand(op, wanted.get(i), operands.get(i), pc, symbols);
        }
        if (op.kind == Op.Kind.ATOMIC) {
            word |= op.pattern.field("aq").insert(ordering >> 1) | op.pattern.field("rl").insert(ordering & 1);
        }
        if (!op.matches(word)) {
            throw new IllegalArgumentException("reserved combination of operands");
        }
        return word;
    }

    private static int operand(Op op, String role, String text, long pc, Symbols symbols) {
        return switch (role) {
            case "rd", "rs1", "rs2", "rd'", "rs1'", "rs2'" -> field(op, role, Registers.number(text), text);
            case "fd", "fs1", "fs2", "fs3", "fd'", "fs2'" ->
                    field(op, Syntax.fieldName(role), Registers.floatNumber(text), text);
            case "sp", "zero" -> constant(role, text);
            case "rm" -> field(op, role, ROUNDING.indexOf(text), text);
            case "csr" -> field(op, role, Csr.numberOf(text), text);
            case "zimm" -> field(op, role, (int) number(text, symbols), text);
            case "pred", "succ" -> field(op, role, fenceSet(text), text);
            case "off" -> immediate(op, target(text, symbols, pc), text);
            case "imm20" -> immediate(op, upper(number(text, symbols)), text);
            default -> immediate(op, number(text, symbols), text);
        };
    }

    private static int field(Op op, String name, int value, String text) {
        Pattern.Field field = op.pattern.field(name);
        if (!field.fits(value)) {
            throw new IllegalArgumentException("not a " + name + ": " + text);
        }
        return field.insert(value);
    }

    private static int constant(String register, String text) {
        if (Registers.number(text) != Registers.number(register)) {
            throw new IllegalArgumentException("must be " + register + ": " + text);
        }
        return 0;
    }

    private static int immediate(Op op, long value, String text) {
        Pattern.Immediate immediate = op.pattern.immediate();
        if (value != (int) value || !immediate.fits((int) value)) {
            throw new IllegalArgumentException("immediate out of range: " + text);
        }
        return immediate.insert((int) value);
    }

    /** The 20 upper bits, written as 0..0xFFFFF or as a negative number. */
    private static long upper(long value) {
        if (value < -0x80000 || value > 0xFFFFF) {
            throw new IllegalArgumentException("20-bit immediate out of range: " + value);
        }
        return (int) (value << 12);
    }

    private static long target(String text, Symbols symbols, long pc) {
        if (text.startsWith(".+") || text.startsWith(".-")) {
            return number(text.substring(1), symbols);
        }
        return number(text, symbols) - pc;
    }

    private static int fenceSet(String text) {
        int set = 0;
        for (int i = 0; i < text.length(); i++) {
            int bit = "wroi".indexOf(text.charAt(i));
            if (bit < 0 && !text.equals("0")) {
                throw new IllegalArgumentException("not a set of i, o, r, w: " + text);
            }
            set |= bit < 0 ? 0 : 1 << bit;
        }
        return set;
    }

    static long number(String text, Symbols symbols) {
        String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (digits.isEmpty() || !Character.isDigit(digits.charAt(0))) {
            return symbols.valueOf(text);
        }
        boolean hex = digits.startsWith("0x") || digits.startsWith("0X");
        long value = hex ? Long.parseUnsignedLong(digits.substring(2), 16) : Long.parseUnsignedLong(digits);
        return text.startsWith("-") ? -value : value;
    }

    static String roundingName(int rm) {
        return ROUNDING.get(rm);
    }
}
