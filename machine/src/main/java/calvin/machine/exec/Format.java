package calvin.machine.exec;

/**
 * A binary interchange format of IEEE 754 (binary64, binary32, binary16), its encodings as the low bits of a long. A
 * finite number other than zero is (-1)^sign x significand/2^63 x 2^exponent here, with the significand's leading one
 * in bit 63.
 */
final class Format {
    static final Format DOUBLE = new Format(53, 11);
    static final Format SINGLE = new Format(24, 8);
    static final Format HALF = new Format(11, 5);

    /** Bits of the significand with the hidden one. */
    final int precision;
    final int bias;
    /** Biased exponent of infinities and NaNs. */
    final int top;
    final long signBit;
    final long fractionMask;
    final long infinity;
    final long largest;
    /** The NaN that every operation returns (unpriv F, "NaN Generation and Propagation"). */
    final long nan;
    final long one;

    private Format(int precision, int exponentBits) {
        this.precision = precision;
        this.bias = (1 << exponentBits - 1) - 1;
        this.top = (1 << exponentBits) - 1;
        this.signBit = 1L << precision - 1 + exponentBits;
        this.fractionMask = (1L << precision - 1) - 1;
        this.infinity = (long) top << precision - 1;
        this.largest = infinity - 1;
        this.nan = infinity | 1L << precision - 2;
        this.one = (long) bias << precision - 1;
    }

    boolean isNan(long bits) {
        return (bits & ~signBit) > infinity;
    }

    boolean isSignaling(long bits) {
        return isNan(bits) && (bits & nan ^ infinity) == 0;
    }

    boolean isInfinite(long bits) {
        return (bits & ~signBit) == infinity;
    }

    boolean isZero(long bits) {
        return (bits & ~signBit) == 0;
    }

    boolean isNegative(long bits) {
        return (bits & signBit) != 0;
    }

    long signed(boolean negative, long magnitude) {
        return negative ? magnitude | signBit : magnitude;
    }

    private int biased(long bits) {
        return (int) (bits >>> precision - 1) & top;
    }

    /** Exponent of the leading bit of a finite number other than zero. */
    int exponent(long bits) {
        int biased = biased(bits);
        if (biased != 0) {
            return biased - bias;
        }
        return 64 - precision + 1 - bias - Long.numberOfLeadingZeros(bits & fractionMask);
    }

    /** Significand of a finite number other than zero, leading one in bit 63. */
    long significand(long bits) {
        long fraction = bits & fractionMask;
        if (biased(bits) != 0) {
            return (fraction | fractionMask + 1) << 64 - precision;
        }
        return fraction << Long.numberOfLeadingZeros(fraction);
    }
}
