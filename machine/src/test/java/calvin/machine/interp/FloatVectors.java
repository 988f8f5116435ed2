package calvin.machine.interp;

import java.util.SplittableRandom;

/**
 * Operands for floating-point tests: special values, neighbours of powers of two, operands that cancel, plain random
 * bits.
 */
final class FloatVectors {
    private final SplittableRandom random;
    private final int precision;
    private final int exponentBits;

    private FloatVectors(long seed, int precision, int exponentBits) {
        this.random = new SplittableRandom(seed);
        this.precision = precision;
        this.exponentBits = exponentBits;
    }

    static FloatVectors doubles(long seed) {
        return new FloatVectors(seed, 53, 11);
    }

    static FloatVectors halves(long seed) {
        return new FloatVectors(seed, 11, 5);
    }

    static FloatVectors singles(long seed) {
        return new FloatVectors(seed, 24, 8);
    }

    private long encode(boolean negative, long biased, long fraction) {
        long top = (1L << exponentBits) - 1;
        long exponent = Math.clamp(biased, 0, top);
        return (negative ? 1L : 0) << precision - 1 + exponentBits | exponent << precision - 1
                | fraction & (1L << precision - 1) - 1;
    }

    /** Few ones or few zeros at the ends are what rounding is sensitive to. */
    private long fraction() {
        long bits = random.nextLong();
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> -1L;
            case 2 -> 1L << random.nextInt(precision - 1);
            case 3 -> -1L << random.nextInt(precision - 1);
            case 4 -> bits << random.nextInt(precision - 1);
            case 5 -> (1L << random.nextInt(precision - 1)) - 1;
            default -> bits;
        };
    }

    private long exponent() {
        int bias = (1 << exponentBits - 1) - 1;
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(4);
            case 1 -> 2L * bias + 1 - random.nextInt(4);
            case 2, 3 -> bias + random.nextInt(9) - 4;
            case 4 -> bias + random.nextInt(2 * precision) - precision;
            case 5 -> random.nextInt(2 * precision);
            default -> random.nextInt(1 << exponentBits);
        };
    }

    /** Any operand. */
    long next() {
        return encode(random.nextBoolean(), exponent(), fraction());
    }

    /** An operand whose exponent is near that of {@code other}, sometimes its negative or neighbour. */
    long near(long other) {
        if (random.nextInt(4) == 0) {
            return other ^ 1L << precision - 1 + exponentBits ^ random.nextInt(4);
        }
        long biased = other >>> precision - 1 & (1L << exponentBits) - 1;
        return encode(random.nextBoolean(), biased + random.nextInt(2 * precision + 6) - precision - 3, fraction());
    }

    /** Near what would cancel the product of {@code a} and {@code b}. */
    long nearProduct(long a, long b) {
        double product = precision == 53
                ? Double.longBitsToDouble(a) * Double.longBitsToDouble(b)
                : (double) Float.intBitsToFloat((int) a) * Float.intBitsToFloat((int) b);
        return near(precision == 53
                ? Double.doubleToRawLongBits(product)
                : Integer.toUnsignedLong(Float.floatToRawIntBits((float) product)));
    }

    /** An integer operand: small, near a power of two, or any. */
    long integer() {
        long bits = random.nextLong();
        return switch (random.nextInt(4)) {
            case 0 -> bits >> random.nextInt(64);
            case 1 -> (1L << random.nextInt(64)) + random.nextInt(5) - 2;
            case 2 -> -(1L << random.nextInt(64)) + random.nextInt(5) - 2;
            default -> bits;
        };
    }

    int below(int bound) {
        return random.nextInt(bound);
    }
}
