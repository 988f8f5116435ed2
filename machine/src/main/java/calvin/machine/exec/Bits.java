package calvin.machine.exec;

/**
 * Zba, Zbb, Zbc, Zbs and Zicond (unpriv, "B" and "Zicond" chapters). Shift amounts are taken modulo the operand's
 * width.
 */
public final class Bits {
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long LOW7 = 0x7F7F_7F7F_7F7F_7F7FL;

    private Bits() {}

    /** SHnADD: {@code (a << shift) + b}. */
    public static long shiftAdd(long a, long b, int shift) {
        return (a << shift) + b;
    }

    /** The low word, zero-extended, as the {@code .uw} forms take their first operand. */
    public static long word(long a) {
        return a & 0xFFFF_FFFFL;
    }

    public static long clz(long a) {
        return Long.numberOfLeadingZeros(a);
    }

    public static long ctz(long a) {
        return Long.numberOfTrailingZeros(a);
    }

    public static long cpop(long a) {
        return Long.bitCount(a);
    }

    public static long clzw(long a) {
        return Integer.numberOfLeadingZeros((int) a);
    }

    public static long ctzw(long a) {
        return Integer.numberOfTrailingZeros((int) a);
    }

    public static long cpopw(long a) {
        return Integer.bitCount((int) a);
    }

    public static long minu(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? a : b;
    }

    public static long maxu(long a, long b) {
        return Long.compareUnsigned(a, b) > 0 ? a : b;
    }

    public static long rol(long a, long b) {
        return Long.rotateLeft(a, (int) b);
    }

    public static long ror(long a, long b) {
        return Long.rotateRight(a, (int) b);
    }

    public static long rolw(long a, long b) {
        return Integer.rotateLeft((int) a, (int) b);
    }

    public static long rorw(long a, long b) {
        return Integer.rotateRight((int) a, (int) b);
    }

    /** Each byte becomes 0xFF unless it is zero. */
    public static long orcb(long a) {
        long high = (a & LOW7) + LOW7 | a; // bit 7 of each byte: the byte is not zero
        return (high >>> 7 & ONES) * 0xFF;
    }

    public static long bclr(long a, long b) {
        return a & ~(1L << b);
    }

    public static long bext(long a, long b) {
        return a >>> b & 1;
    }

    public static long binv(long a, long b) {
        return a ^ 1L << b;
    }

    public static long bset(long a, long b) {
        return a | 1L << b;
    }

    /** Carry-less product, low half. */
    public static long clmul(long a, long b) {
        long product = 0;
        for (int i = 0; i < 64; i++) {
            product ^= a << i & -(b >>> i & 1);
        }
        return product;
    }

    /** Carry-less product, high half. */
    public static long clmulh(long a, long b) {
        return clmulr(a, b) >>> 1;
    }

    /** Carry-less product, bits 126 to 63. */
    public static long clmulr(long a, long b) {
        return Long.reverse(clmul(Long.reverse(a), Long.reverse(b)));
    }

    /** Zero if the condition is zero, otherwise {@code a}. */
    public static long czeroEqz(long a, long condition) {
        return condition == 0 ? 0 : a;
    }

    /** Zero if the condition is not zero, otherwise {@code a}. */
    public static long czeroNez(long a, long condition) {
        return condition != 0 ? 0 : a;
    }
}
