package calvin.machine.exec;

import static calvin.machine.exec.Fpu.NV;
import static calvin.machine.exec.Fpu.NX;
import static calvin.machine.exec.Fpu.RNE;

/**
 * Binary32 arithmetic on raw bits, bit-exact with all flags (unpriv F; IEEE 754-2019).
 *
 * <p>Rounding to nearest uses the host's arithmetic where a result is normal; products of two singles are exact as
 * doubles, which decides NX. Everything else is left to {@link Soft}.
 */
public final class Singles {
    private static final Format F = Format.SINGLE;
    private static final int SIGN = Integer.MIN_VALUE;

    private Singles() {}

    private static long wide(int bits) {
        return bits & 0xFFFF_FFFFL;
    }

    /** Finite and above the smallest normal number, which a tiny number may have been rounded up to. */
    private static boolean normal(int bits) {
        return Integer.compareUnsigned((bits >>> 23 & 0xFF) - 2, 0xFD) < 0;
    }

    private static boolean moderate(int bits) {
        return (bits >>> 23 & 0xFF) < 0xFD;
    }

    public static int add(Fpu fpu, int a, int b, int rm) {
        if (rm == RNE && moderate(a) && moderate(b)) { // the sum stays finite; sums never underflow
            float x = Float.intBitsToFloat(a);
            float y = Float.intBitsToFloat(b);
            float sum = x + y;
            float part = sum - x;
            float error = x - (sum - part) + (y - part);
            if (error != 0) {
                fpu.flags |= NX;
            }
            return Float.floatToRawIntBits(sum);
        }
        return (int) Soft.add(fpu, F, wide(a), wide(b), rm);
    }

    public static int sub(Fpu fpu, int a, int b, int rm) {
        return add(fpu, a, b ^ SIGN, rm);
    }

    public static int mul(Fpu fpu, int a, int b, int rm) {
        double product = (double) Float.intBitsToFloat(a) * Float.intBitsToFloat(b);
        float result = (float) product;
        int bits = Float.floatToRawIntBits(result);
        if (rm == RNE && (normal(bits) || product == 0)) { // a product of other than zeros is not zero as a double
            if (result != product) {
                fpu.flags |= NX;
            }
            return bits;
        }
        return (int) Soft.multiply(fpu, F, wide(a), wide(b), rm);
    }

    public static int div(Fpu fpu, int a, int b, int rm) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        float quotient = x / y;
        int bits = Float.floatToRawIntBits(quotient);
        if (rm == RNE && normal(bits)) {
            if ((double) quotient * y != x) {
                fpu.flags |= NX;
            }
            return bits;
        }
        return (int) Soft.divide(fpu, F, wide(a), wide(b), rm);
    }

    public static int sqrt(Fpu fpu, int a, int rm) {
        if (rm == RNE && a >= 0 && normal(a)) {
            float x = Float.intBitsToFloat(a);
            float root = (float) Math.sqrt(x);
            if ((double) root * root != x) {
                fpu.flags |= NX;
            }
            return Float.floatToRawIntBits(root);
        }
        return (int) Soft.sqrt(fpu, F, wide(a), rm);
    }

    /**
     * FMADD. The sum of the exact product and the addend as a double is rounded to odd, so that rounding it once more,
     * to a single, is as if the exact sum had been rounded (Boldo and Melquiond, "Emulation of FMA and correctly
     * rounded sums", 2008).
     */
    public static int fma(Fpu fpu, int a, int b, int c, int rm) {
        double product = (double) Float.intBitsToFloat(a) * Float.intBitsToFloat(b);
        double z = Float.intBitsToFloat(c);
        double sum = product + z;
        double part = sum - product;
        double error = product - (sum - part) + (z - part);
        long odd = Double.doubleToRawLongBits(sum);
        if (error != 0 && (odd & 1) == 0) {
            odd += error > 0 == sum > 0 ? 1 : -1;
        }
        float result = (float) Double.longBitsToDouble(odd);
        int bits = Float.floatToRawIntBits(result);
        if (rm == RNE && normal(bits)) {
            if (error != 0 || result != sum) {
                fpu.flags |= NX;
            }
            return bits;
        }
        return (int) Soft.fma(fpu, F, wide(a), wide(b), wide(c), rm);
    }

    /** FMSUB: {@code a x b - c}. */
    public static int fms(Fpu fpu, int a, int b, int c, int rm) {
        return fma(fpu, a, b, c ^ SIGN, rm);
    }

    /** FNMSUB: {@code -(a x b) + c}. */
    public static int fnms(Fpu fpu, int a, int b, int c, int rm) {
        return fma(fpu, a ^ SIGN, b, c, rm);
    }

    /** FNMADD: {@code -(a x b) - c}. */
    public static int fnma(Fpu fpu, int a, int b, int c, int rm) {
        return fma(fpu, a ^ SIGN, b, c ^ SIGN, rm);
    }

    /** IEEE 754-2019 minimumNumber; -0 is less than +0. */
    public static int min(Fpu fpu, int a, int b) {
        return (int) Compare.minimum(fpu, F, wide(a), wide(b), false);
    }

    /** IEEE 754-2019 maximumNumber. */
    public static int max(Fpu fpu, int a, int b) {
        return (int) Compare.minimum(fpu, F, wide(a), wide(b), true);
    }

    /** FSGNJ: magnitude of {@code a}, sign of {@code b}. */
    public static int sgnj(int a, int b) {
        return a & ~SIGN | b & SIGN;
    }

    public static int sgnjn(int a, int b) {
        return a & ~SIGN | ~b & SIGN;
    }

    public static int sgnjx(int a, int b) {
        return a ^ b & SIGN;
    }

    /** Quiet comparison: only signaling NaNs are invalid. */
    public static long eq(Fpu fpu, int a, int b) {
        if (F.isSignaling(wide(a)) || F.isSignaling(wide(b))) {
            fpu.flags |= NV;
        }
        return Float.intBitsToFloat(a) == Float.intBitsToFloat(b) ? 1 : 0;
    }

    /** Signaling comparison: every NaN is invalid. */
    public static long lt(Fpu fpu, int a, int b) {
        if (F.isNan(wide(a)) || F.isNan(wide(b))) {
            fpu.flags |= NV;
        }
        return Float.intBitsToFloat(a) < Float.intBitsToFloat(b) ? 1 : 0;
    }

    public static long le(Fpu fpu, int a, int b) {
        if (F.isNan(wide(a)) || F.isNan(wide(b))) {
            fpu.flags |= NV;
        }
        return Float.intBitsToFloat(a) <= Float.intBitsToFloat(b) ? 1 : 0;
    }

    /** FCLASS's ten-bit mask. */
    public static long classify(int a) {
        return Compare.classify(F, wide(a));
    }
}
