package calvin.machine.exec;

import static calvin.machine.exec.Fpu.NV;
import static calvin.machine.exec.Fpu.NX;
import static calvin.machine.exec.Fpu.RNE;

/**
 * Binary64 arithmetic on raw bits, bit-exact with all flags (unpriv D; IEEE 754-2019).
 *
 * <p>Rounding to nearest uses the host's arithmetic where the rounding error can be computed exactly, which decides NX:
 * the error of a sum (Knuth's TwoSum), of a product, quotient or root (one fma), of an fma (Boldo and Muller, "Exact
 * and approximated error of the FMA", 2011). Those are exact unless something overflows or an error falls below the
 * smallest number; exponent ranges that exclude this, and with it OF, UF, DZ, NV and NaNs, guard each. Everything else,
 * some in a million operations, is left to {@link Soft}.
 */
public final class Doubles {
    private static final Format F = Format.DOUBLE;
    private static final long SIGN = Long.MIN_VALUE;
    private static final int BITS = 52;
    private static final int TOP = 0x7FF;

    private Doubles() {}

    /** Biased exponent of {@code bits} minus {@code least} is below {@code span}: one comparison for a range. */
    private static boolean within(long bits, int least, int span) {
        return Integer.compareUnsigned((int) (bits >>> BITS & TOP) - least, span) < 0;
    }

    public static long add(Fpu fpu, long a, long b, int rm) {
        if (rm == RNE && within(a, 0, 0x7FD) && within(b, 0, 0x7FD)) { // the sum stays finite; sums never underflow
            double x = Double.longBitsToDouble(a);
            double y = Double.longBitsToDouble(b);
            double sum = x + y;
            double part = sum - x;
            double error = x - (sum - part) + (y - part);
            if (error != 0) {
                fpu.flags |= NX;
            }
            return Double.doubleToRawLongBits(sum);
        }
        return Soft.add(fpu, F, a, b, rm);
    }

    public static long sub(Fpu fpu, long a, long b, int rm) {
        return add(fpu, a, b ^ SIGN, rm);
    }

    public static long mul(Fpu fpu, long a, long b, int rm) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double product = x * y;
        long bits = Double.doubleToRawLongBits(product);
        if (rm == RNE && within(bits, 128, 0x7FF - 128)) { // the error's last bit is at least 2^-1001
            if (Math.fma(x, y, -product) != 0) {
                fpu.flags |= NX;
            }
            return bits;
        }
        return Soft.multiply(fpu, F, a, b, rm);
    }

    public static long div(Fpu fpu, long a, long b, int rm) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double quotient = x / y;
        long bits = Double.doubleToRawLongBits(quotient);
        if (rm == RNE && within(bits, 64, 0x7FF - 64) && within(a, 128, 0x7FF - 128)) {
            if (Math.fma(-quotient, y, x) != 0) {
                fpu.flags |= NX;
            }
            return bits;
        }
        return Soft.divide(fpu, F, a, b, rm);
    }

    public static long sqrt(Fpu fpu, long a, int rm) {
        if (rm == RNE && a >= 0 && within(a, 128, 0x7FF - 128)) {
            double x = Double.longBitsToDouble(a);
            double root = Math.sqrt(x);
            if (Math.fma(-root, root, x) != 0) {
                fpu.flags |= NX;
            }
            return Double.doubleToRawLongBits(root);
        }
        return Soft.sqrt(fpu, F, a, rm);
    }

    /** FMADD: {@code a x b + c}. */
    public static long fma(Fpu fpu, long a, long b, long c, int rm) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double product = x * y;
        boolean safe = within(Double.doubleToRawLongBits(product), 200, 0x7F0 - 200) && within(c, 200, 0x7F0 - 200);
        if (rm != RNE || !safe) {
            return Soft.fma(fpu, F, a, b, c, rm);
        }
        double z = Double.longBitsToDouble(c);
        double result = Math.fma(x, y, z);
        double productError = Math.fma(x, y, -product);
        // c + productError = high + low, product + high = sum + rest, all exact
        double high = z + productError;
        double part = high - z;
        double low = z - (high - part) + (productError - part);
        double sum = product + high;
        double share = sum - product;
        double rest = product - (sum - share) + (high - share);
        double error = sum - result + rest + low;
        if (error != 0) {
            fpu.flags |= NX;
        }
        return Double.doubleToRawLongBits(result);
    }

    /** FMSUB: {@code a x b - c}. */
    public static long fms(Fpu fpu, long a, long b, long c, int rm) {
        return fma(fpu, a, b, c ^ SIGN, rm);
    }

    /** FNMSUB: {@code -(a x b) + c}. */
    public static long fnms(Fpu fpu, long a, long b, long c, int rm) {
        return fma(fpu, a ^ SIGN, b, c, rm);
    }

    /** FNMADD: {@code -(a x b) - c}. */
    public static long fnma(Fpu fpu, long a, long b, long c, int rm) {
        return fma(fpu, a ^ SIGN, b, c ^ SIGN, rm);
    }

    /** IEEE 754-2019 minimumNumber; -0 is less than +0. */
    public static long min(Fpu fpu, long a, long b) {
        return Compare.minimum(fpu, F, a, b, false);
    }

    /** IEEE 754-2019 maximumNumber. */
    public static long max(Fpu fpu, long a, long b) {
        return Compare.minimum(fpu, F, a, b, true);
    }

    /** FSGNJ: magnitude of {@code a}, sign of {@code b}. */
    public static long sgnj(long a, long b) {
        return a & ~SIGN | b & SIGN;
    }

    public static long sgnjn(long a, long b) {
        return a & ~SIGN | ~b & SIGN;
    }

    public static long sgnjx(long a, long b) {
        return a ^ b & SIGN;
    }

    /** Quiet comparison: only signaling NaNs are invalid. */
    public static long eq(Fpu fpu, long a, long b) {
        if (F.isSignaling(a) || F.isSignaling(b)) {
            fpu.flags |= NV;
        }
        return Double.longBitsToDouble(a) == Double.longBitsToDouble(b) ? 1 : 0;
    }

    /** Signaling comparison: every NaN is invalid. */
    public static long lt(Fpu fpu, long a, long b) {
        if (F.isNan(a) || F.isNan(b)) {
            fpu.flags |= NV;
        }
        return Double.longBitsToDouble(a) < Double.longBitsToDouble(b) ? 1 : 0;
    }

    public static long le(Fpu fpu, long a, long b) {
        if (F.isNan(a) || F.isNan(b)) {
            fpu.flags |= NV;
        }
        return Double.longBitsToDouble(a) <= Double.longBitsToDouble(b) ? 1 : 0;
    }

    /** FCLASS's ten-bit mask. */
    public static long classify(long a) {
        return Compare.classify(F, a);
    }
}
