package calvin.machine.jit;

/**
 * Whether a result of the host's arithmetic, rounded to nearest, is what RISC-V wants with no flag but NX: if so, and
 * NX is set already, nothing else needs to be done. Small enough to be inlined.
 */
final class FpChecks {
    private FpChecks() {}

    /** Finite. Sums that are neither overflow nor underflow: they are exact where they are subnormal. */
    static boolean finite(double r) {
        return (Double.doubleToRawLongBits(r) & 0x7FF0_0000_0000_0000L) != 0x7FF0_0000_0000_0000L;
    }

    /**
     * Finite and at least twice the smallest normal number, so that nothing was rounded up from below it (tininess is
     * detected after rounding).
     */
    static boolean normal(double r) {
        int exponent = (int) (Double.doubleToRawLongBits(r) >>> 52) & 0x7FF;
        return Integer.compareUnsigned(exponent - 2, 0x7FD) < 0;
    }

    static boolean finite(float r) {
        return (Float.floatToRawIntBits(r) & 0x7F80_0000) != 0x7F80_0000;
    }

    static boolean normal(float r) {
        int exponent = Float.floatToRawIntBits(r) >>> 23 & 0xFF;
        return Integer.compareUnsigned(exponent - 2, 0xFD) < 0;
    }

    /** Whether these bits are a NaN-boxed single. */
    static boolean boxed(double register) {
        return Double.doubleToRawLongBits(register) >>> 32 == 0xFFFF_FFFFL;
    }

    static float unbox(double register) {
        return Float.intBitsToFloat((int) Double.doubleToRawLongBits(register));
    }

    static double box(float single) {
        return Double.longBitsToDouble(Float.floatToRawIntBits(single) | 0xFFFF_FFFF_0000_0000L);
    }

    /** Whether truncation to a word is exact but for NX. */
    static boolean fitsWord(double r) {
        return r > -0x1p31 && r < 0x1p31;
    }

    static boolean fitsLong(double r) {
        return r > -0x1p63 && r < 0x1p63;
    }

    /** Whether NX is set and dynamic rounding is to nearest. */
    static int fast(int fcsr) {
        return (fcsr & 0xE1) == 1 ? 1 : 0;
    }
}
