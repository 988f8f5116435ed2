package calvin.machine.exec;

import static calvin.machine.exec.Fpu.NV;

/** Minimum, maximum and classification, the same for every format. */
final class Compare {
    private Compare() {}

    /** The lesser, or with {@code maximum} the greater; a NaN loses against a number (IEEE 754-2019, 9.6). */
    static long minimum(Fpu fpu, Format f, long a, long b, boolean maximum) {
        if (f.isSignaling(a) || f.isSignaling(b)) {
            fpu.raise(NV);
        }
        if (f.isNan(a)) {
            return f.isNan(b) ? f.nan : b;
        }
        if (f.isNan(b)) {
            return a;
        }
        return order(f, a) < order(f, b) != maximum ? a : b;
    }

    /** As {@link #minimum}, but a NaN wins (IEEE 754-2019, 9.6: minimum and maximum). */
    static long minimumOrNan(Fpu fpu, Format f, long a, long b, boolean maximum) {
        long result = minimum(fpu, f, a, b, maximum);
        return f.isNan(a) || f.isNan(b) ? f.nan : result;
    }

    /** Quiet order: only signaling NaNs are invalid; a NaN is neither less nor equal. Zeros are equal. */
    static boolean less(Fpu fpu, Format f, long a, long b, boolean orEqual) {
        if (f.isSignaling(a) || f.isSignaling(b)) {
            fpu.raise(NV);
        }
        if (f.isNan(a) || f.isNan(b)) {
            return false;
        }
        if (f.isZero(a) && f.isZero(b)) {
            return orEqual;
        }
        return orEqual ? order(f, a) <= order(f, b) : order(f, a) < order(f, b);
    }

    /** A number that orders encodings as their values, -0 before +0. */
    private static long order(Format f, long bits) {
        return f.isNegative(bits) ? ~(bits & ~f.signBit) : bits;
    }

    /** unpriv F, "Floating-Point Classify": bits 0 to 9 from -infinity up to quiet NaN. */
    static long classify(Format f, long a) {
        if (f.isNan(a)) {
            return f.isSignaling(a) ? 1 << 8 : 1 << 9;
        }
        long magnitude = a & ~f.signBit;
        int size = magnitude == f.infinity ? 3 : magnitude > f.fractionMask ? 2 : magnitude != 0 ? 1 : 0;
        return f.isNegative(a) ? 1 << 3 - size : 1 << 4 + size;
    }
}
