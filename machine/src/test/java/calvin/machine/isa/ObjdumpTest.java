package calvin.machine.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.sim.seed.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Valid words of every row, disassembled here and by GNU objdump: an independent reading of the manual's tables. */
class ObjdumpTest {
    private static final int WORDS = 60;
    private static final String MARCH = "rv64gch_zba_zbb_zbc_zbs_zicbom_zicboz_zawrs_svinval_zihintpause_zfhmin";
    /** Extensions that binutils 2.40 does not know. */
    private static final EnumSet<Extension> UNKNOWN = EnumSet.of(Extension.ZCB, Extension.ZCMOP, Extension.ZIMOP,
            Extension.ZICOND, Extension.ZFA, Extension.ZACAS);
    private static final Pattern LINE = Pattern.compile("^ *([0-9a-f]+):\\t[0-9a-f]+ +\\t(\\S+)\\t?([^#<]*).*$");

    @TempDir
    Path directory;

    @Test
    void disassemblyIsThatOfObjdump() throws IOException, InterruptedException {
        compare("no-aliases", Disassembler::disassemble);
    }

    @Test
    void pseudoInstructionsAreThoseOfObjdump() throws IOException, InterruptedException {
        compare("", Disassembler::disassembleShort);
    }

    private void compare(String style, IntFunction<String> disassembler) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/riscv64-linux-gnu-objdump")),
                "needs riscv64-linux-gnu-objdump (Debian package binutils-riscv64-linux-gnu)");
        List<Integer> words = new ArrayList<>();
        StringBuilder source = new StringBuilder(".text\n");
        Seed seed = new Seed(3).child("isa/objdump");
        for (Op op : Op.values()) {
            for (int i = 0; i < WORDS && !UNKNOWN.contains(op.extension); i++) {
                int word = op.sample((int) seed.draw(op.ordinal() * 1000L + i));
                words.add(word);
                source.append(String.format(".insn %d, 0x%x%n", op.lengthBytes(), word));
            }
        }
        List<String> theirs = objdump(source.toString(), style);
        assertEquals(words.size(), theirs.size());
        int compared = 0;
        List<String> wrong = new ArrayList<>();
        long pc = 0;
        for (int i = 0; i < words.size(); i++) {
            String ours = normal(disassembler.apply(words.get(i)), pc);
            String their = normal(theirs.get(i), pc);
            if (!differsKnowingly(ours, their)) {
                if (!their.equals(ours) && !(style.isEmpty() && sameButForNames(ours, their))) {
                    wrong.add(String.format("%08x: %s, objdump: %s", words.get(i), ours, their));
                }
                compared++;
            }
            pc += Decoder.isCompressed(words.get(i)) ? 2 : 4;
        }
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
        assertTrue(compared > words.size() * 95 / 100, compared + " of " + words.size() + " were compared");
    }

    /**
     * objdump names CSRs of its own list, prints hints its own way, and knows FENCE only with all other fields zero and
     * exact conversions only with rounding mode 0.
     */
    private static boolean differsKnowingly(String ours, String their) {
        return ours.startsWith("csrr") && their.replaceAll(",[^,]*", "").equals(ours.replaceAll(",[^,]*", ""))
                || ours.matches("fcvt\\.(d\\.(s|h|wu?)|s\\.h) .*")
                        && (their.startsWith(".4byte") || ours.equals(their + ",rne"))
                || ours.startsWith("fence ") || ours.startsWith("c.nop") || ours.matches("c\\.s(ll|rl|ra)i .*,0");
    }

    /**
     * Where it shows pseudo-instructions, binutils 2.40 calls immediate forms by the name of the register form
     * ({@code and a0,a0,7}), shows some hints in their compressed form, and numbers CSRs that it does not know.
     */
    private static boolean sameButForNames(String ours, String their) {
        String base = ours.replaceFirst("^([a-z0-9]+?)i(w?) ", "$1$2 ");
        return their.equals(base) || their.startsWith("c.") && ours.matches("(li|lui|mv|slli|srai) .*")
                || ours.startsWith("mv ") && their.equals(ours.replace("mv ", "add ") + ",0")
                || base.contains("csr0x") && sameButForCsr(base.split("[ ,]"), their.split("[ ,]"));
    }

    private static boolean sameButForCsr(String[] ours, String[] their) {
        boolean same = ours.length == their.length;
        for (int i = 0; i < ours.length && same; i++) {
            same = ours[i].startsWith("csr0x") || ours[i].equals(their[i]);
        }
        return same;
    }

    /** Numbers in decimal without leading signs of notation, jump targets relative, no blanks between operands. */
    private static String normal(String text, long pc) {
        String line = text.strip().replaceAll("\\s+", " ").replaceAll(", ", ",");
        int space = line.indexOf(' ') < 0 ? line.length() : line.indexOf(' ');
        StringBuilder out = new StringBuilder(line.substring(0, space)).append(' ');
        boolean jump = line.matches("(c\\.)?(beqz?|bnez?|blt[uz]?|bge[uz]?|blez|bgtz|j|jal) .*");
        String[] operands = line.substring(space).strip().split("(?<=[,(])");
        for (int i = 0; i < operands.length; i++) {
            String operand = operands[i];
            boolean target = jump && i == operands.length - 1;
            Matcher hex = Pattern.compile("0x([0-9a-f]+)(.*)").matcher(operand);
            if (operand.startsWith(".") && target) {
                operand = Long.toString(Long.parseLong(operand.substring(operand.startsWith(".+") ? 2 : 1)));
            } else if (target) {
                operand = Long.toString(Long.parseUnsignedLong(operand.replace("0x", ""), 16) - pc);
            } else if (hex.matches()) {
                operand = Long.parseLong(hex.group(1), 16) + hex.group(2);
            }
            out.append(operand);
        }
        return out.toString().replace("0(", "(").replaceAll("(?<=[ ,])\\(", "(").strip();
    }

    private List<String> objdump(String source, String style) throws IOException, InterruptedException {
        Files.writeString(directory.resolve("words.s"), source);
        run("riscv64-linux-gnu-as", "-march=" + MARCH, "-o", "words.o", "words.s");
        run("riscv64-linux-gnu-objdump", "-d", style.isEmpty() ? "-d" : "-M" + style, "-z", "words.o");
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("out"))) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                lines.add(matcher.group(2) + " " + matcher.group(3));
            }
        }
        return lines;
    }

    private void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(directory.toFile())
                .redirectOutput(directory.resolve("out").toFile()).redirectErrorStream(true).start();
        assertEquals(0, process.waitFor(), () -> String.join(" ", command));
    }
}
