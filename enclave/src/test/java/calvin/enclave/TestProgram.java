package calvin.enclave;

import calvin.machine.isa.Assembler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Small programs made of a few instructions, as ELF files with one segment of code. */
final class TestProgram {
    private static final int CODE_OFFSET = 0x1000;
    private static final int HEADER_BYTES = 64;
    private static final int SEGMENT_BYTES = 56;
    private static final int READ_EXECUTE = 5;

    private TestProgram() {
    }

    /** A program linked at {@code va} whose entry is its first instruction. */
    static byte[] elf(long va, String... lines) {
        int[] words = new int[lines.length];
        for (int i = 0; i < lines.length; i++) {
            words[i] = Assembler.assemble(lines[i]);
        }
        int codeBytes = 4 * words.length;
        ByteBuffer file = ByteBuffer.allocate(CODE_OFFSET + codeBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0, 0x464C457F).put(4, (byte) 2).put(5, (byte) 1).put(6, (byte) 1);
        file.putShort(16, (short) 2).putShort(18, (short) 243).putInt(20, 1).putLong(24, va).putLong(32, HEADER_BYTES);
        file.putShort(52, (short) HEADER_BYTES).putShort(54, (short) SEGMENT_BYTES).putShort(56, (short) 1);
        int at = HEADER_BYTES;
        file.putInt(at, 1).putInt(at + 4, READ_EXECUTE).putLong(at + 8, CODE_OFFSET).putLong(at + 16, va).putLong(at + 24, va);
        file.putLong(at + 32, codeBytes).putLong(at + 40, codeBytes).putLong(at + 48, 0x1000);
        for (int i = 0; i < words.length; i++) {
            file.putInt(CODE_OFFSET + 4 * i, words[i]);
        }
        return file.array();
    }

    /** A task that sleeps {@code times} times for {@code nanoseconds}, below 2 ms each, and exits with {@code code}. */
    static byte[] sleeping(int times, int nanoseconds, int code) {
        int high = nanoseconds + 0x800 >>> 12;
        return elf(0x10000, "addi s0, zero, " + times, "addi sp, sp, -16", "sd zero, 0(sp)", "lui t0, " + high,
            "addi t0, t0, " + (nanoseconds - (high << 12)), "sd t0, 8(sp)",
            // clock_nanosleep(CLOCK_MONOTONIC, 0, sp, 0)
            "addi a0, zero, 1", "addi a1, zero, 0", "addi a2, sp, 0", "addi a3, zero, 0", "addi a7, zero, 115", "ecall",
            "addi s0, s0, -1", "bne s0, zero, .-28", "addi a0, zero, " + code, "addi a7, zero, 94", "ecall");
    }

    /** A task that counts to {@code rounds} times 4096 in three instructions per step and exits with {@code code}. */
    static byte[] counting(int rounds, int code) {
        return elf(0x10000, "lui t0, " + rounds, "addi t0, t0, -1", "xor t1, t1, t0", "bne t0, zero, .-8", "addi a0, zero, " + code,
            "addi a7, zero, 94", "ecall");
    }
}
