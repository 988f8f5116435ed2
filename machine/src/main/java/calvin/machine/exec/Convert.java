package calvin.machine.exec;

import static calvin.machine.exec.Fpu.NX;
import static calvin.machine.exec.Fpu.RNE;
import static calvin.machine.exec.Fpu.RTZ;

/**
 * Conversions between formats and to and from integers (unpriv F and D). 32-bit integer results are sign-extended, also
 * the unsigned ones. The conversions that compiled code makes all the time (truncation, exact ones) avoid {@link Soft}.
 */
public final class Convert {
    private static final Format S = Format.SINGLE;
    private static final Format D = Format.DOUBLE;

    private Convert() {}

    private static long wide(int bits) {
        return bits & 0xFFFF_FFFFL;
    }

    // Doubles to integers

    public static long doubleToWord(Fpu fpu, long a, int rm) {
        double x = Double.longBitsToDouble(a);
        int word = (int) x;
        if (rm == RTZ && word > Integer.MIN_VALUE && word < Integer.MAX_VALUE && x == x) {
            fpu.flags |= word == x ? 0 : NX;
            return word;
        }
        return (int) Soft.toInteger(fpu, D, a, rm, true, 32);
    }

    public static long doubleToUnsignedWord(Fpu fpu, long a, int rm) {
        return (int) Soft.toInteger(fpu, D, a, rm, false, 32);
    }

    public static long doubleToLong(Fpu fpu, long a, int rm) {
        double x = Double.longBitsToDouble(a);
        long word = (long) x;
        if (rm == RTZ && word > Long.MIN_VALUE && word < Long.MAX_VALUE && x == x) {
            fpu.flags |= word == x ? 0 : NX;
            return word;
        }
        return Soft.toInteger(fpu, D, a, rm, true, 64);
    }

    public static long doubleToUnsignedLong(Fpu fpu, long a, int rm) {
        return Soft.toInteger(fpu, D, a, rm, false, 64);
    }

    // Singles to integers

    public static long singleToWord(Fpu fpu, int a, int rm) {
        return (int) Soft.toInteger(fpu, S, wide(a), rm, true, 32);
    }

    public static long singleToUnsignedWord(Fpu fpu, int a, int rm) {
        return (int) Soft.toInteger(fpu, S, wide(a), rm, false, 32);
    }

    public static long singleToLong(Fpu fpu, int a, int rm) {
        return Soft.toInteger(fpu, S, wide(a), rm, true, 64);
    }

    public static long singleToUnsignedLong(Fpu fpu, int a, int rm) {
        return Soft.toInteger(fpu, S, wide(a), rm, false, 64);
    }

    // Integers to doubles

    /** Exact. */
    public static long doubleFromWord(long a) {
        return Double.doubleToRawLongBits((int) a);
    }

    /** Exact. */
    public static long doubleFromUnsignedWord(long a) {
        return Double.doubleToRawLongBits(a & 0xFFFF_FFFFL);
    }

    public static long doubleFromLong(Fpu fpu, long a, int rm) {
        if (rm == RNE || a == (long) (double) a && a != Long.MAX_VALUE) { // exact ones do not depend on the mode
            double x = a;
            fpu.flags |= (long) x == a && a != Long.MAX_VALUE ? 0 : NX; // the largest becomes 2^63, saturates back
            return Double.doubleToRawLongBits(x);
        }
        return Soft.fromInteger(fpu, D, a < 0, Math.abs(a), rm);
    }

    public static long doubleFromUnsignedLong(Fpu fpu, long a, int rm) {
        return Soft.fromInteger(fpu, D, false, a, rm);
    }

    // Integers to singles

    public static int singleFromWord(Fpu fpu, long a, int rm) {
        return (int) Soft.fromInteger(fpu, S, (int) a < 0, Math.abs((long) (int) a), rm);
    }

    public static int singleFromUnsignedWord(Fpu fpu, long a, int rm) {
        return (int) Soft.fromInteger(fpu, S, false, a & 0xFFFF_FFFFL, rm);
    }

    public static int singleFromLong(Fpu fpu, long a, int rm) {
        return (int) Soft.fromInteger(fpu, S, a < 0, Math.abs(a), rm);
    }

    public static int singleFromUnsignedLong(Fpu fpu, long a, int rm) {
        return (int) Soft.fromInteger(fpu, S, false, a, rm);
    }

    // Between formats

    /** FCVT.D.S: exact. */
    public static long doubleFromSingle(Fpu fpu, int a) {
        float x = Float.intBitsToFloat(a);
        return x == x ? Double.doubleToRawLongBits(x) : Soft.convert(fpu, S, D, wide(a), RNE);
    }

    /** FCVT.S.H: exact. */
    public static int singleFromHalf(Fpu fpu, long a) {
        return (int) Soft.convert(fpu, Format.HALF, S, a & 0xFFFF, RNE);
    }

    /** FCVT.D.H: exact. */
    public static long doubleFromHalf(Fpu fpu, long a) {
        return Soft.convert(fpu, Format.HALF, D, a & 0xFFFF, RNE);
    }

    /** FCVT.H.S: the result is in the low 16 bits, the others are zero. */
    public static long halfFromSingle(Fpu fpu, int a, int rm) {
        return Soft.convert(fpu, S, Format.HALF, wide(a), rm);
    }

    /** FCVT.H.D. */
    public static long halfFromDouble(Fpu fpu, long a, int rm) {
        return Soft.convert(fpu, D, Format.HALF, a, rm);
    }

    /** FCVT.S.D. */
    public static int singleFromDouble(Fpu fpu, long a, int rm) {
        double x = Double.longBitsToDouble(a);
        float y = (float) x;
        int bits = Float.floatToRawIntBits(y);
        if (rm == RNE && Integer.compareUnsigned((bits >>> 23 & 0xFF) - 2, 0xFD) < 0) { // normal, not by rounding up
            fpu.flags |= y == x ? 0 : NX;
            return bits;
        }
        return (int) Soft.convert(fpu, D, S, a, rm);
    }
}
