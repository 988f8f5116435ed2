package calvin.machine.isa;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A small program in the notation of GNU as, assembled for a fixed address: what tests, examples and firmware stubs are
 * written in.
 *
 * <pre>
 *     li   a0, 0x10000000          # any 64-bit constant
 *     la   a1, text
 * 1:  lbu  a2, (a1)
 *     beqz a2, done
 *     sb   a2, (a0)
 *     addi a1, a1, 1
 *     j    1b
 * done: wfi
 *     j    done
 * text: .asciz "hello\n"
 * </pre>
 *
 * <p>There are labels, numeric ones too ({@code 1b}, {@code 1f}); {@code ;} between statements; comments from {@code #}
 * or {@code //}; the pseudo-instructions of one instruction each, {@code li}, {@code la} and {@code lla},
 * {@code call} and {@code tail} (two instructions each, within 2 GiB); {@code name = value}; and the directives
 * {@code .byte}, {@code .half}, {@code .word}, {@code .dword}, {@code .asciz}, {@code .ascii}, {@code .align} (a power
 * of two), {@code .balign} (bytes; the gap is nops) and {@code .space}. Values are numbers, symbols, and {@code
 * symbol+number}.
 *
 * <p>Left out: sections, expressions, macros, relaxation. The cross compiler has them.
 */
public final class Program {
    private final long base;
    private final byte[] bytes;
    private final Map<String, Long> symbols;

    private Program(long base, byte[] bytes, Map<String, Long> symbols) {
        this.base = base;
        this.bytes = bytes;
        this.symbols = symbols;
    }

    /**
     * Assembles {@code text} to lie at {@code base}.
     *
     * @throws IllegalArgumentException names the line and says what is wrong with it
     */
    public static Program assemble(long base, String text) {
        Assembly assembly = new Assembly(base);
        int number = 0;
        for (String line : text.split("\n", -1)) {
            assembly.line(line, ++number);
        }
        return new Program(base, assembly.encode(), assembly.symbols);
    }

    /** Where it lies. */
    public long base() {
        return base;
    }

    /** Address behind its last byte. */
    public long end() {
        return base + bytes.length;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Address of a label, or value of a constant.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public long symbol(String name) {
        Long value = symbols.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no such symbol: " + name);
        }
        return value;
    }

    /** Labels and constants in the order of the text, numeric labels apart. */
    public Map<String, Long> symbols() {
        return java.util.Collections.unmodifiableMap(symbols);
    }

    /** One statement at its address, with the numeric labels that were there before it. */
    private record Statement(long pc, String name, String operands, int line, int bytes, int position) {}

    /** A numeric label's address, and how many statements came before it. */
    private record Numeric(long pc, int position) {}

    private static final class Assembly {
        private final Map<String, Long> symbols = new LinkedHashMap<>();
        private final Map<String, List<Numeric>> numerics = new LinkedHashMap<>();
        private final List<Statement> statements = new ArrayList<>();
        private final long base;
        private long pc;

        Assembly(long base) {
            this.base = base;
            this.pc = base;
        }

        void line(String text, int number) {
            try {
                for (String part : split(text)) {
                    statement(part, number);
                }
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException("line " + number + ": " + wrong.getMessage(), wrong);
            }
        }

        /** The statements of a line without comments; quoted text is left alone. */
        private static List<String> split(String text) {
            List<String> parts = new ArrayList<>();
            boolean quoted = false;
            int start = 0;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"' && (i == 0 || text.charAt(i - 1) != '\\')) {
                    quoted = !quoted;
                } else if (!quoted && (c == '#' || text.startsWith("//", i))) {
                    parts.add(text.substring(start, i));
                    return parts;
                } else if (!quoted && c == ';') {
                    parts.add(text.substring(start, i));
                    start = i + 1;
                }
            }
            parts.add(text.substring(start));
            return parts;
        }

        private void statement(String text, int line) {
            String rest = text.strip();
            int colon = nameLength(rest);
            while (colon > 0 && colon < rest.length() && rest.charAt(colon) == ':') {
                label(rest.substring(0, colon));
                rest = rest.substring(colon + 1).strip();
                colon = nameLength(rest);
            }
            if (rest.isEmpty()) {
                return;
            }
            String name = rest.substring(0, nameLength(rest));
            String operands = rest.substring(name.length()).strip();
            if (operands.startsWith("=")) {
                define(name, value(operands.substring(1).strip(), statements.size()));
                return;
            }
            name = name.toLowerCase(Locale.ROOT);
            int size = size(name, operands);
            statements.add(new Statement(pc, name, operands, line, size, statements.size()));
            pc += size;
        }

        /** How many characters of a mnemonic, directive, label or symbol it begins with. */
        private static int nameLength(String text) {
            int length = 0;
            while (length < text.length() && (Character.isLetterOrDigit(text.charAt(length))
                    || "_.$".indexOf(text.charAt(length)) >= 0)) {
                length++;
            }
            return length;
        }

        private void label(String name) {
            if (Character.isDigit(name.charAt(0))) {
                numerics.computeIfAbsent(name, digits -> new ArrayList<>()).add(new Numeric(pc, statements.size()));
            } else {
                define(name, pc);
            }
        }

        private void define(String name, long value) {
            if (symbols.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException("defined twice: " + name);
            }
        }

        private int size(String name, String operands) {
            int step = switch (name) {
                case ".byte" -> 1;
                case ".half" -> 2;
                case ".word" -> 4;
                case ".dword", ".quad" -> 8;
                default -> 0;
            };
            if (step > 0) {
                return step * Syntax.operands(operands).size();
            }
            return switch (name) {
                case ".ascii", ".asciz" -> text(name, operands).length;
                case ".align" -> padding(1L << value(operands, 0));
                case ".balign" -> padding(value(operands, 0));
                case ".space" -> Math.toIntExact(value(operands, 0));
                case "li" -> 4 * loadImmediate(operands).size();
                case "la", "lla", "call", "tail" -> 8;
                default -> name.startsWith("c.") ? 2 : 4;
            };
        }

        private int padding(long alignment) {
            if (Long.bitCount(alignment) != 1) {
                throw new IllegalArgumentException("not a power of two: " + alignment);
            }
            return (int) (-pc & alignment - 1);
        }

        private static byte[] text(String name, String operands) {
            if (operands.length() < 2 || !operands.startsWith("\"") || !operands.endsWith("\"")) {
                throw new IllegalArgumentException("not a text in quotes: " + operands);
            }
            String text = operands.substring(1, operands.length() - 1).translateEscapes();
            return (name.equals(".asciz") ? text + "\0" : text).getBytes(StandardCharsets.UTF_8);
        }

        private List<String> loadImmediate(String operands) {
            List<String> given = Syntax.operands(operands);
            if (given.size() != 2) {
                throw new IllegalArgumentException("operands are \"rd, constant\"");
            }
            List<String> lines = new ArrayList<>();
            constant(given.get(0), value(given.get(1), 0), lines);
            return lines;
        }

        /** LUI and ADDIW for 32 bits; more is shifted in, 12 bits at a time, from the top. */
        private static void constant(String rd, long value, List<String> lines) {
            if (value == (int) value) {
                int low = (int) value << 20 >> 20;
                int high = (int) value - low >>> 12;
                if (high != 0) {
                    lines.add(String.format(Locale.ROOT, "lui %s, 0x%x", rd, high));
                }
                if (low != 0 || high == 0) {
                    lines.add(String.format(Locale.ROOT, "%s %s, %s, %d", high != 0 ? "addiw" : "addi", rd,
                            high != 0 ? rd : "zero", low));
                }
                return;
            }
            long low = value << 52 >> 52;
            long upper = value - low >> 12;
            int shift = 12 + Long.numberOfTrailingZeros(upper);
            constant(rd, upper >> shift - 12, lines);
            lines.add(String.format(Locale.ROOT, "slli %s, %s, %d", rd, rd, shift));
            if (low != 0) {
                lines.add(String.format(Locale.ROOT, "addi %s, %s, %d", rd, rd, low));
            }
        }

        /** A number, a symbol, or a symbol plus or minus a number, seen from the statement at {@code position}. */
        private long value(String text, int position) {
            int sign = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
            if (sign > 0 && !Character.isDigit(text.charAt(0))) {
                return symbol(text.substring(0, sign), position) + Assembler.number(text.substring(sign), this::absent);
            }
            return Assembler.number(text, name -> symbol(name, position));
        }

        private long absent(String name) {
            throw new IllegalArgumentException("not a number: " + name);
        }

        private long symbol(String name, int position) {
            Long known = symbols.get(name);
            if (known == null) {
                throw new IllegalArgumentException("no such symbol: " + name);
            }
            return known;
        }

        /** Numeric labels by the address they mean at {@code position}. */
        private String resolved(String operands, int position) {
            StringBuilder out = new StringBuilder();
            int start = 0;
            for (int i = 0; i <= operands.length(); i++) {
                if (i == operands.length() || ",() ".indexOf(operands.charAt(i)) >= 0) {
                    String token = operands.substring(start, i);
                    out.append(isNumeric(token) ? "0x" + Long.toHexString(numeric(token, position)) : token);
                    out.append(i < operands.length() ? operands.substring(i, i + 1) : "");
                    start = i + 1;
                }
            }
            return out.toString();
        }

        /** Digits and b or f. */
        private static boolean isNumeric(String token) {
            int last = token.length() - 1;
            if (last < 1 || token.charAt(last) != 'b' && token.charAt(last) != 'f') {
                return false;
            }
            for (int i = 0; i < last; i++) {
                if (!Character.isDigit(token.charAt(i))) {
                    return false;
                }
            }
            return true;
        }

        private long numeric(String token, int position) {
            List<Numeric> labels = numerics.getOrDefault(token.substring(0, token.length() - 1), List.of());
            int low = 0; // the first label behind the statement, by bisection
            int high = labels.size();
            while (low < high) {
                int middle = (low + high) / 2;
                if (labels.get(middle).position <= position) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            int index = token.endsWith("b") ? low - 1 : low;
            if (index < 0 || index >= labels.size()) {
                throw new IllegalArgumentException("no such label: " + token);
            }
            return labels.get(index).pc;
        }

        byte[] encode() {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (Statement statement : statements) {
                try {
                    out.writeBytes(encode(statement));
                } catch (IllegalArgumentException wrong) {
                    throw new IllegalArgumentException("line " + statement.line + ": " + wrong.getMessage(), wrong);
                }
                if (out.size() != statement.pc + statement.bytes - base) {
                    throw new IllegalStateException("passes differ at line " + statement.line);
                }
            }
            return out.toByteArray();
        }

        private byte[] encode(Statement statement) {
            String name = statement.name;
            String operands = statement.operands;
            return switch (name) {
                case ".byte" -> data(statement, 1);
                case ".half" -> data(statement, 2);
                case ".word" -> data(statement, 4);
                case ".dword", ".quad" -> data(statement, 8);
                case ".ascii", ".asciz" -> text(name, operands);
                case ".align", ".balign" -> filler(statement.bytes);
                case ".space" -> new byte[statement.bytes];
                case "li" -> instructions(loadImmediate(operands), statement);
                case "la", "lla" -> pair(statement, Syntax.operands(operands), "addi %1$s, %1$s, %2$d");
                case "call" -> pair(statement, List.of("ra", operands), "jalr ra, %2$d(ra)");
                case "tail" -> pair(statement, List.of("t1", operands), "jalr zero, %2$d(t1)");
                default -> instructions(List.of(name + " " + resolved(operands, statement.position)), statement);
            };
        }

        /** As GNU as fills gaps in code: zeros up to an even address, then nops. */
        private static byte[] filler(int length) {
            ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            out.position(length & 1);
            if ((length & 2) != 0) {
                out.putShort((short) Op.C_NOP.match);
            }
            while (out.remaining() > 0) {
                out.putInt(Op.ADDI.match);
            }
            return out.array();
        }

        private byte[] data(Statement statement, int step) {
            ByteBuffer out = ByteBuffer.allocate(statement.bytes + 8).order(ByteOrder.LITTLE_ENDIAN);
            for (String item : Syntax.operands(statement.operands)) {
                out.putLong(out.position(), value(resolved(item, statement.position), statement.position));
                out.position(out.position() + step);
            }
            return java.util.Arrays.copyOf(out.array(), statement.bytes);
        }

        /** AUIPC and a second instruction with the low 12 bits of the distance. */
        private byte[] pair(Statement statement, List<String> operands, String second) {
            if (operands.size() != 2) {
                throw new IllegalArgumentException("operands are a register and a symbol, or a symbol");
            }
            long distance = value(resolved(operands.get(1), statement.position), statement.position) - statement.pc;
            if (distance != (int) distance) {
                throw new IllegalArgumentException("further than 2 GiB: " + operands.get(1));
            }
            int low = (int) distance << 20 >> 20;
            int high = (int) distance - low >>> 12;
            return instructions(List.of(String.format(Locale.ROOT, "auipc %s, 0x%x", operands.get(0), high),
                    String.format(Locale.ROOT, second, operands.get(0), low)), statement);
        }

        private byte[] instructions(List<String> lines, Statement statement) {
            ByteBuffer out = ByteBuffer.allocate(4 * lines.size()).order(ByteOrder.LITTLE_ENDIAN);
            for (String line : lines) {
                int word = Assembler.assemble(line, statement.pc + out.position(),
                        name -> value(name, statement.position));
                if (Decoder.isCompressed(word)) {
                    out.putShort((short) word);
                } else {
                    out.putInt(word);
                }
            }
            return java.util.Arrays.copyOf(out.array(), out.position());
        }
    }
}
