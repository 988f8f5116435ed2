package calvin.machine.exec;

import static calvin.machine.exec.Fpu.DZ;
import static calvin.machine.exec.Fpu.NV;
import static calvin.machine.exec.Fpu.NX;
import static calvin.machine.exec.Fpu.OF;
import static calvin.machine.exec.Fpu.RDN;
import static calvin.machine.exec.Fpu.RMM;
import static calvin.machine.exec.Fpu.RNE;
import static calvin.machine.exec.Fpu.RUP;
import static calvin.machine.exec.Fpu.UF;

/**
 * Floating-point arithmetic in integers: any operands, any rounding mode, all flags (IEEE 754-2019; tininess after
 * rounding). What the hardware's arithmetic cannot decide ends here, so this is written to be short, not fast: some 20
 * to 100 ns.
 */
final class Soft {
    private Soft() {}

    /** Whether a magnitude with these discarded bits ({@code half} is the weight of the first) is rounded up. */
    private static boolean roundsUp(int rm, boolean negative, boolean odd, long discarded, long half) {
        int toHalf = Long.compareUnsigned(discarded, half);
        return switch (rm) {
            case RNE -> toHalf > 0 || toHalf == 0 && odd;
            case RMM -> toHalf >= 0;
            case RDN -> negative && discarded != 0;
            case RUP -> !negative && discarded != 0;
            default -> false;
        };
    }

    /** Rounds (-1)^negative x significand/2^63 x 2^exponent, bit 0 standing for all lower bits, and encodes it. */
    static long round(Fpu fpu, Format f, boolean negative, int exponent, long significand, int rm) {
        int shift = 64 - f.precision;
        int biased = exponent + f.bias;
        long kept = significand;
        boolean tiny = false;
        if (biased < 1) {
            tiny = biased < 0 || !carries(f, negative, significand, rm);
            kept = shiftRight(significand, 1 - biased);
            biased = 1;
        }
        long discarded = kept & (1L << shift) - 1;
        kept >>>= shift;
        if (roundsUp(rm, negative, (kept & 1) != 0, discarded, 1L << shift - 1)) {
            kept++;
        }
        if (discarded != 0) {
            fpu.raise(tiny ? NX | UF : NX);
        }
        long bits = ((long) biased - 1 << f.precision - 1) + kept; // a carry out of the fraction raises the exponent
        return Long.compareUnsigned(bits, f.infinity) >= 0 ? overflow(fpu, f, negative, rm) : f.signed(negative, bits);
    }

    /** Whether rounding to the format's precision, as if the exponent had no limit, gives the next power of two. */
    private static boolean carries(Format f, boolean negative, long significand, int rm) {
        int shift = 64 - f.precision;
        long kept = significand >>> shift;
        return kept == (1L << f.precision) - 1
                && roundsUp(rm, negative, true, significand & (1L << shift) - 1, 1L << shift - 1);
    }

    private static long overflow(Fpu fpu, Format f, boolean negative, int rm) {
        fpu.raise(OF | NX);
        boolean infinite = rm == RNE || rm == RMM || rm == (negative ? RDN : RUP);
        return f.signed(negative, infinite ? f.infinity : f.largest);
    }

    /** Shifts right; bit 0 becomes one if any lost bit was. */
    private static long shiftRight(long value, int count) {
        if (count >= 64) {
            return value == 0 ? 0 : 1;
        }
        return count == 0 ? value : value >>> count | (value << -count == 0 ? 0 : 1);
    }

    private static long invalid(Fpu fpu, Format f) {
        fpu.raise(NV);
        return f.nan;
    }

    private static long nan(Fpu fpu, Format f, boolean signaling) {
        return signaling ? invalid(fpu, f) : f.nan;
    }

    /**
     * {@code a x b + c} with one rounding. An invalid product is invalid even if {@code c} is a quiet NaN (unpriv F).
     */
    static long fma(Fpu fpu, Format f, long a, long b, long c, int rm) {
        boolean negative = f.isNegative(a ^ b);
        boolean noProduct = f.isInfinite(a) && f.isZero(b) || f.isZero(a) && f.isInfinite(b);
        if (f.isNan(a) || f.isNan(b) || f.isNan(c) || noProduct) {
            return nan(fpu, f, noProduct || f.isSignaling(a) || f.isSignaling(b) || f.isSignaling(c));
        }
        if (f.isInfinite(a) || f.isInfinite(b)) {
            boolean opposed = f.isInfinite(c) && f.isNegative(c) != negative;
            return opposed ? invalid(fpu, f) : f.signed(negative, f.infinity);
        }
        if (f.isInfinite(c)) {
            return c;
        }
        if (f.isZero(a) || f.isZero(b)) {
            return f.isZero(c) ? zeroSum(f, negative, f.isNegative(c), rm) : c;
        }
        return fmaFinite(fpu, f, a, b, c, rm);
    }

    /** Sum of exact zeros, or of two numbers that cancel. */
    private static long zeroSum(Format f, boolean negativeA, boolean negativeB, int rm) {
        return f.signed(negativeA == negativeB ? negativeA : rm == RDN, 0);
    }

    /**
     * In 128 bits, leading ones in bit 126: the product needs 106 of them, so what an alignment loses is only sticky.
     */
    private static long fmaFinite(Fpu fpu, Format f, long a, long b, long c, int rm) {
        boolean negative = f.isNegative(a ^ b);
        int exponent = f.exponent(a) + f.exponent(b);
        long high = Math.unsignedMultiplyHigh(f.significand(a), f.significand(b));
        long low = f.significand(a) * f.significand(b);
        if (high < 0) {
            low = low >>> 1 | high << 63;
            high >>>= 1;
            exponent++;
        }
        if (f.isZero(c)) {
            return round128(fpu, f, negative, exponent, high, low, rm);
        }
        long addend = f.significand(c) >>> 1;
        int distance = exponent - f.exponent(c);
        if (distance >= 0) {
            return add128(fpu, f, negative, exponent, high, low, f.isNegative(c), shiftHigh(addend, distance),
                    shiftLow(addend, 0, distance), rm);
        }
        return add128(fpu, f, negative, exponent - distance, shiftHigh(high, -distance), shiftLow(high, low, -distance),
                f.isNegative(c), addend, 0, rm);
    }

    private static long add128(Fpu fpu, Format f, boolean negativeA, int exponent, long highA, long lowA,
            boolean negativeB, long highB, long lowB, int rm) {
        if (negativeA == negativeB) {
            long low = lowA + lowB;
            long carry = Long.compareUnsigned(low, lowA) < 0 ? 1 : 0;
            return round128(fpu, f, negativeA, exponent, highA + highB + carry, low, rm);
        }
        boolean lessA = highA == highB ? Long.compareUnsigned(lowA, lowB) < 0 : highA < highB;
        if (lessA) {
            return add128(fpu, f, negativeB, exponent, highB, lowB, negativeA, highA, lowA, rm);
        }
        long borrow = Long.compareUnsigned(lowA, lowB) < 0 ? 1 : 0;
        return round128(fpu, f, negativeA, exponent, highA - highB - borrow, lowA - lowB, rm);
    }

    private static long round128(Fpu fpu, Format f, boolean negative, int exponent, long high, long low, int rm) {
        if ((high | low) == 0) {
            return f.signed(rm == RDN, 0); // only a difference can vanish
        }
        int zeros = high != 0 ? Long.numberOfLeadingZeros(high) : 64 + Long.numberOfLeadingZeros(low);
        long top = zeros >= 64 ? low << zeros : zeros == 0 ? high : high << zeros | low >>> -zeros;
        long rest = zeros >= 64 ? 0 : low << zeros;
        return round(fpu, f, negative, exponent + 1 - zeros, top | (rest == 0 ? 0 : 1), rm);
    }

    private static long shiftHigh(long high, int count) {
        return count >= 64 ? 0 : high >>> count;
    }

    /** Low half of the 128-bit number shifted right, with a sticky bit 0. */
    private static long shiftLow(long high, long low, int count) {
        if (count >= 64) {
            return shiftRight(high, count - 64) | (low == 0 ? 0 : 1);
        }
        return count == 0 ? low : high << -count | low >>> count | (low << -count == 0 ? 0 : 1);
    }

    static long add(Fpu fpu, Format f, long a, long b, int rm) {
        return fma(fpu, f, a, f.one, b, rm);
    }

    static long multiply(Fpu fpu, Format f, long a, long b, int rm) {
        return fma(fpu, f, a, b, (a ^ b) & f.signBit, rm); // plus a zero of the product's sign
    }

    static long divide(Fpu fpu, Format f, long a, long b, int rm) {
        boolean negative = f.isNegative(a ^ b);
        if (f.isNan(a) || f.isNan(b)) {
            return nan(fpu, f, f.isSignaling(a) || f.isSignaling(b));
        }
        if (f.isInfinite(a) && f.isInfinite(b) || f.isZero(a) && f.isZero(b)) {
            return invalid(fpu, f);
        }
        if (f.isInfinite(a) || f.isZero(b)) {
            fpu.raise(f.isInfinite(a) ? 0 : DZ);
            return f.signed(negative, f.infinity);
        }
        if (f.isZero(a) || f.isInfinite(b)) {
            return f.signed(negative, 0);
        }
        return divideFinite(fpu, f, negative, a, b, rm);
    }

    /** Ten quotient bits at a time: a remainder has 53 bits at most. */
    private static long divideFinite(Fpu fpu, Format f, boolean negative, long a, long b, int rm) {
        int exponent = f.exponent(a) - f.exponent(b);
        long remainder = f.significand(a) >>> 11;
        long divisor = f.significand(b) >>> 11;
        if (remainder < divisor) {
            remainder <<= 1;
            exponent--;
        }
        long quotient = 1;
        remainder -= divisor;
        for (int i = 0; i < 6; i++) {
            quotient = quotient << 10 | (remainder << 10) / divisor;
            remainder = (remainder << 10) % divisor;
        }
        return round(fpu, f, negative, exponent, quotient << 3 | (remainder == 0 ? 0 : 1), rm);
    }

    static long sqrt(Fpu fpu, Format f, long a, int rm) {
        if (f.isNan(a)) {
            return nan(fpu, f, f.isSignaling(a));
        }
        if (f.isZero(a)) {
            return a;
        }
        if (f.isNegative(a)) {
            return invalid(fpu, f);
        }
        return f.isInfinite(a) ? a : sqrtFinite(fpu, f, a, rm);
    }

    /** One root bit per pair of radicand bits, 58 of them. */
    private static long sqrtFinite(Fpu fpu, Format f, long a, int rm) {
        int exponent = f.exponent(a);
        long radicand = (exponent & 1) != 0 ? f.significand(a) : f.significand(a) >>> 1;
        long root = 0;
        long remainder = 0;
        for (int i = 0; i < 58; i++) {
            remainder = remainder << 2 | radicand >>> 62;
            radicand <<= 2;
            root <<= 1;
            if (remainder >= (root << 1 | 1)) {
                remainder -= root << 1 | 1;
                root |= 1;
            }
        }
        return round(fpu, f, false, exponent >> 1, root << 6 | (remainder == 0 ? 0 : 1), rm);
    }

    /** An integer of up to 64 bits. */
    static long fromInteger(Fpu fpu, Format f, boolean negative, long magnitude, int rm) {
        if (magnitude == 0) {
            return 0;
        }
        int zeros = Long.numberOfLeadingZeros(magnitude);
        return round(fpu, f, negative, 63 - zeros, magnitude << zeros, rm);
    }

    /** To a narrower or wider format; NaNs become the canonical one. */
    static long convert(Fpu fpu, Format from, Format to, long a, int rm) {
        if (from.isNan(a)) {
            return nan(fpu, to, from.isSignaling(a));
        }
        boolean negative = from.isNegative(a);
        if (from.isInfinite(a) || from.isZero(a)) {
            return to.signed(negative, from.isZero(a) ? 0 : to.infinity);
        }
        return round(fpu, to, negative, from.exponent(a), from.significand(a), rm);
    }

    /**
     * To an integer of {@code width} bits (32, 64), saturating; a NaN is the largest (unpriv F, "Domains of
     * float-to-integer conversions"). Out of range is invalid, and then not inexact.
     *
     * @return the result in the low bits
     */
    static long toInteger(Fpu fpu, Format f, long a, int rm, boolean signed, int width) {
        boolean negative = f.isNegative(a) && !f.isNan(a);
        long least = signed ? 1L << width - 1 : 0; // magnitudes of the smallest and the largest result
        long limit = negative ? least : signed ? least - 1 : -1L >>> 64 - width;
        if (f.isZero(a)) {
            return 0;
        }
        int shift = 63 - f.exponent(a);
        if (!f.isNan(a) && shift >= 0) { // no infinity either
            long discarded = shift < 64 ? f.significand(a) << 1 << 63 - shift : shift == 64 ? f.significand(a) : 1;
            long magnitude = shift < 64 ? f.significand(a) >>> shift : 0;
            if (roundsUp(rm, negative, (magnitude & 1) != 0, discarded, Long.MIN_VALUE)) {
                magnitude++;
            }
            if (Long.compareUnsigned(magnitude, limit) <= 0) {
                fpu.raise(discarded != 0 ? NX : 0);
                return negative ? -magnitude : magnitude;
            }
        }
        fpu.raise(NV);
        return negative ? -limit : limit;
    }

    /** To an integral number of the same format; a zero keeps the sign. {@code exact}: what changes is inexact. */
    static long toIntegral(Fpu fpu, Format f, long a, int rm, boolean exact) {
        if (f.isNan(a)) {
            return nan(fpu, f, f.isSignaling(a));
        }
        if (f.isInfinite(a) || f.isZero(a) || f.exponent(a) >= f.precision - 1) {
            return a;
        }
        int shift = 63 - f.exponent(a);
        long discarded = shift < 64 ? f.significand(a) << 1 << 63 - shift : shift == 64 ? f.significand(a) : 1;
        long magnitude = shift < 64 ? f.significand(a) >>> shift : 0;
        if (roundsUp(rm, f.isNegative(a), (magnitude & 1) != 0, discarded, Long.MIN_VALUE)) {
            magnitude++;
        }
        fpu.raise(exact && discarded != 0 ? NX : 0);
        return f.signed(f.isNegative(a), fromInteger(fpu, f, false, magnitude, RNE)); // exact
    }

    /** Bits 63 to 0 of a finite number's two's complement, rounded towards zero. */
    static long modular(Format f, long a) {
        if (f.isZero(a)) {
            return 0;
        }
        int shift = 63 - f.exponent(a);
        long magnitude = shift >= 64 || shift <= -64
                ? 0
                : shift >= 0 ? f.significand(a) >>> shift : f.significand(a) << -shift;
        return f.isNegative(a) ? -magnitude : magnitude;
    }
}
