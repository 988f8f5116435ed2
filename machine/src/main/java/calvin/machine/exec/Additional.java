package calvin.machine.exec;

/** Zfa for one format (unpriv, "Zfa" chapter). Operands and results are the low bits of a long. Stateless. */
public final class Additional {
    public static final Additional SINGLE = new Additional(Format.SINGLE);
    public static final Additional DOUBLE = new Additional(Format.DOUBLE);

    private static final int SMALLEST_NORMAL = 1;
    private static final int INFINITY = 30;
    private static final int NAN = 31;
    // @formatter:off
    /** FLI's constants; 1, 30 and 31 depend on the format. */
    private static final double[] CONSTANTS = {
        -1,     0,    0x1p-16, 0x1p-15, 0x1p-8, 0x1p-7, 0x1p-4, 0x1p-3,
        0.25,   0.3125, 0.375, 0.4375,  0.5,    0.625,  0.75,   0.875,
        1,      1.25, 1.5,     1.75,    2,      2.5,    3,      4,
        8,      16,   128,     256,     0x1p15, 0x1p16, 0,      0,
    };
    // @formatter:on

    private final Format f;

    private Additional(Format format) {
        f = format;
    }

    /** FLI: the constant with this number, 0 to 31. */
    public long constant(int number) {
        return switch (number) {
            case SMALLEST_NORMAL -> f.fractionMask + 1;
            case INFINITY -> f.infinity;
            case NAN -> f.nan;
            default -> f == Format.DOUBLE
                    ? Double.doubleToRawLongBits(CONSTANTS[number])
                    : Float.floatToRawIntBits((float) CONSTANTS[number]) & 0xFFFF_FFFFL;
        };
    }

    /** FMINM. */
    public long minimum(Fpu fpu, long a, long b) {
        return Compare.minimumOrNan(fpu, f, a, b, false);
    }

    /** FMAXM. */
    public long maximum(Fpu fpu, long a, long b) {
        return Compare.minimumOrNan(fpu, f, a, b, true);
    }

    /** FROUND, or FROUNDNX if {@code exact}. */
    public long toIntegral(Fpu fpu, long a, int rm, boolean exact) {
        return Soft.toIntegral(fpu, f, a, rm, exact);
    }

    /** FLTQ. */
    public long less(Fpu fpu, long a, long b) {
        return Compare.less(fpu, f, a, b, false) ? 1 : 0;
    }

    /** FLEQ. */
    public long lessOrEqual(Fpu fpu, long a, long b) {
        return Compare.less(fpu, f, a, b, true) ? 1 : 0;
    }

    /** FCVTMOD.W.D: the low 32 bits of the truncated number, sign-extended; flags as FCVT.W.D raises them. */
    public static long modularWord(Fpu fpu, long a) {
        Convert.doubleToWord(fpu, a, Fpu.RTZ);
        boolean finite = !Format.DOUBLE.isNan(a) && !Format.DOUBLE.isInfinite(a);
        return finite ? (int) Soft.modular(Format.DOUBLE, a) : 0;
    }
}
