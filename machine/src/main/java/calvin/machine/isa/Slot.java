package calvin.machine.isa;

/**
 * A decoded instruction in one long, the form in which engines keep code. Compressed forms are already expanded.
 *
 * <pre>
 *  63            32 31..30 29..28     27..22 21..16 15..10 9..0
 *  immediate        size   halfwords  rs2    rs1    rd     op
 * </pre>
 *
 * <p>{@code op} is a constant of {@link OpIndex}. {@code rd} is 32 if the instruction writes integer register x0, so
 * that an engine with 33 registers needs no test for it. {@code size} is the binary logarithm of the bytes that a load,
 * store or atomic moves, else 0. The immediate is the sign-extended immediate of the instruction, or
 * <ul>
 * <li>FP with rounding: rm in bits 2..0, rs3 in bits 7..3;
 * <li>CSR: the CSR's number, and the 5-bit immediate of the immediate forms is in {@code rs1};
 * <li>atomics: aq in bit 1, rl in bit 0;
 * <li>FENCE: fm, pred, succ as in the encoding, in bits 11..0;
 * <li>{@link OpIndex#ILLEGAL}: the bits of the instruction.
 * </ul>
 * The value 0 is no instruction: {@link OpIndex#UNDECODED}.
 */
public final class Slot {
    /** Register number that a write to x0 goes to. */
    public static final int SINK = 32;

    private Slot() {}

    /** Packs a slot. */
    public static long of(int op, int halfwords, int rd, int rs1, int rs2, int immediate) {
        return of(op, 0, halfwords, rd, rs1, rs2, immediate);
    }

    static long of(int op, int sizeLog2, int halfwords, int rd, int rs1, int rs2, int immediate) {
        return (long) immediate << 32 | (long) sizeLog2 << 30 | halfwords << 28 | rs2 << 22 | rs1 << 16 | rd << 10 | op;
    }

    /** Number of the instruction, a constant of {@link OpIndex}. */
    public static int op(long slot) {
        return (int) slot & 0x3FF;
    }

    public static int rd(long slot) {
        return (int) slot >>> 10 & 0x3F;
    }

    public static int rs1(long slot) {
        return (int) slot >>> 16 & 0x3F;
    }

    public static int rs2(long slot) {
        return (int) slot >>> 22 & 0x3F;
    }

    /** Third source of a fused multiply-add. */
    public static int rs3(long slot) {
        return (int) (slot >>> 35) & 0x1F;
    }

    /** Rounding mode field of an FP instruction; 7 is dynamic. */
    public static int rm(long slot) {
        return (int) (slot >>> 32) & 7;
    }

    public static int immediate(long slot) {
        return (int) (slot >> 32);
    }

    /** Length of the encoding: 1 for 16 bits, 2 for 32. */
    public static int halfwords(long slot) {
        return (int) slot >>> 28 & 3;
    }

    /** Binary logarithm of the bytes that a load, store or atomic moves; 0 for anything else. */
    public static int sizeLog2(long slot) {
        return (int) slot >>> 30;
    }
}
