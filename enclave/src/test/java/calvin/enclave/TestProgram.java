package calvin.enclave;

import calvin.machine.isa.Assembler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Small programs made of a few instructions, as ELF files with one segment of code. */
final class TestProgram {
    private static final int CODE_OFFSET = 0x1000;
    private static final int HEADER_BYTES = 64;
    private static final int SEGMENT_BYTES = 56;
    private static final int READ_EXECUTE = 5;

    private TestProgram() {}

    /**
     * A program linked at {@code va} whose entry is its first instruction. {@code name:} is a label, {@code @name} its
     * distance.
     */
    static byte[] elf(long va, String... lines) {
        Map<String, Integer> labels = new HashMap<>();
        List<String> instructions = new ArrayList<>();
        for (String line : lines) {
            if (line.endsWith(":")) {
                labels.put("@" + line.substring(0, line.length() - 1), instructions.size());
            } else {
                instructions.add(line);
            }
        }
        int[] words = new int[instructions.size()];
        for (int i = 0; i < words.length; i++) {
            String text = instructions.get(i);
            int at = text.indexOf('@');
            if (at >= 0) {
                int distance = 4 * (labels.get(text.substring(at)) - i);
                text = text.substring(0, at) + (distance < 0 ? "." : ".+") + distance;
            }
            words[i] = Assembler.assemble(text);
        }
        int codeBytes = 4 * words.length;
        ByteBuffer file = ByteBuffer.allocate(CODE_OFFSET + codeBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0, 0x464C457F).put(4, (byte) 2).put(5, (byte) 1).put(6, (byte) 1);
        file.putShort(16, (short) 2).putShort(18, (short) 243).putInt(20, 1).putLong(24, va).putLong(32, HEADER_BYTES);
        file.putShort(52, (short) HEADER_BYTES).putShort(54, (short) SEGMENT_BYTES).putShort(56, (short) 1);
        int at = HEADER_BYTES;
        file.putInt(at, 1).putInt(at + 4, READ_EXECUTE).putLong(at + 8, CODE_OFFSET).putLong(at + 16, va)
                .putLong(at + 24, va);
        file.putLong(at + 32, codeBytes).putLong(at + 40, codeBytes).putLong(at + 48, 0x1000);
        for (int i = 0; i < words.length; i++) {
            file.putInt(CODE_OFFSET + 4 * i, words[i]);
        }
        return file.array();
    }

    /** A task that reads one byte from standard input and exits with it, or with 255 at the end of file. */
    static byte[] reading() {
        return elf(0x10000, "addi sp, sp, -16", "addi a0, zero, 0", "addi a1, sp, 0", "addi a2, zero, 1",
                "addi a7, zero, 63", "ecall", "addi t0, a0, 0", "addi a0, zero, 255", "beq t0, zero, @end",
                "lbu a0, 0(sp)", "end:", "addi a7, zero, 94", "ecall");
    }

    /**
     * A task that adds 1.0 to a double {@code rounds} times 4096 and exits with {@code code} if the sum is right, with
     * 1 if not.
     */
    static byte[] adding(int rounds, int code) {
        return elf(0x10000, "lui t0, " + rounds, "addi t1, zero, 1", "fcvt.d.l fa0, t1", "fmv.d.x fa1, zero", "again:",
                "fadd.d fa1, fa1, fa0", "addi t0, t0, -1", "bne t0, zero, @again", "fcvt.l.d t2, fa1",
                "lui t3, " + rounds,
                "addi a0, zero, 1", "bne t2, t3, @end", "addi a0, zero, " + code, "end:", "addi a7, zero, 94", "ecall");
    }

    /** A task that sleeps {@code times} times for {@code nanoseconds}, below 2 ms each, and exits with {@code code}. */
    static byte[] sleeping(int times, int nanoseconds, int code) {
        int high = nanoseconds + 0x800 >>> 12;
        return elf(0x10000, "addi s0, zero, " + times, "addi sp, sp, -16", "sd zero, 0(sp)", "lui t0, " + high,
                "addi t0, t0, " + (nanoseconds - (high << 12)), "sd t0, 8(sp)",
                // clock_nanosleep(CLOCK_MONOTONIC, 0, sp, 0)
                "addi a0, zero, 1", "addi a1, zero, 0", "addi a2, sp, 0", "addi a3, zero, 0", "addi a7, zero, 115",
                "ecall", "addi s0, s0, -1", "bne s0, zero, .-28", "addi a0, zero, " + code, "addi a7, zero, 94",
                "ecall");
    }

    /**
     * A supervisor kernel at {@code va} that spends its time in its trap handler and there looks at what a trap leaves
     * in its registers. It executes {@code trap}, which must raise {@code cause} with {@code stval}, {@code rounds}
     * times, and powers off: code 1 when a register was not as it should be.
     */
    static byte[] trapping(long va, String trap, int cause, String stval1, String stval2, int scratch, int rounds) {
        // @formatter:off
        return elf(va,
            "auipc t0, 0", "addi t1, t0, 64", "csrrw zero, stvec, t1",
            "addi t2, zero, " + scratch, "csrrw zero, sscratch, t2",
            "addi s1, t0, 36", "addi s0, zero, " + rounds, stval1, stval2,
            "again:",
            trap,
            "addi s0, s0, -1", "bne s0, zero, @again",
            "lui a0, 5", "addi a0, a0, 0x555", "lui a1, 0x100", "sw a0, 0(a1)",
            "addi t3, zero, 500", // the handler, at +64
            "spin:",
            "addi t3, t3, -1", "bne t3, zero, @spin",
            "csrrs t4, sepc, zero", "bne t4, s1, @fail",
            "csrrs t5, scause, zero", "addi t6, zero, " + cause, "bne t5, t6, @fail",
            "csrrs t5, stval, zero", "bne t5, s2, @fail",
            "csrrs t5, sscratch, zero", "bne t5, t2, @fail",
            "csrrs t5, stvec, zero", "bne t5, t1, @fail",
            "addi t4, t4, 4", "csrrw zero, sepc, t4", "sret",
            "fail:",
            "lui a0, 0x13", "addi a0, a0, 0x333", "lui a1, 0x100", "sw a0, 0(a1)", "jal zero, .+0");
        // @formatter:on
    }

    /** A task that counts to {@code rounds} times 4096 in three instructions per step and exits with {@code code}. */
    static byte[] counting(int rounds, int code) {
        return elf(0x10000, "lui t0, " + rounds, "addi t0, t0, -1", "xor t1, t1, t0", "bne t0, zero, .-8",
                "addi a0, zero, " + code, "addi a7, zero, 94", "ecall");
    }
}
