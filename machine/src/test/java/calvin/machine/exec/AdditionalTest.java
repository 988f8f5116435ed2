package calvin.machine.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Zfa by the manual's text, with decimal arithmetic of unlimited precision as the judge of roundings. */
class AdditionalTest {
    private static final RoundingMode[] MODES = {RoundingMode.HALF_EVEN, RoundingMode.DOWN, RoundingMode.FLOOR,
        RoundingMode.CEILING, RoundingMode.HALF_UP};
    private static final int NX = 1;
    private static final int NV = 16;
    private static final double QUIET = Double.longBitsToDouble(0x7FF8_0000_0000_0001L);
    private static final double SIGNALING = Double.longBitsToDouble(0x7FF0_0000_0000_0001L);
    private static final long NAN = 0x7FF8_0000_0000_0000L;

    private final Fpu fpu = new Fpu();

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private void flags(int wanted, String what) {
        assertEquals(wanted, fpu.flags, what);
        fpu.flags = 0;
    }

    @Test
    void constantsAreThoseOfTheTable() {
        double[] doubles = {-1, 0x1p-1022, 0x1p-16, 0x1p-15, 0x1p-8, 0x1p-7, 0.0625, 0.125, 0.25, 0.3125, 0.375, 0.4375,
            0.5, 0.625, 0.75, 0.875, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 8, 16, 128, 256, 32768, 65536,
            Double.POSITIVE_INFINITY};
        for (int i = 0; i < doubles.length; i++) {
            assertEquals(bits(doubles[i]), Additional.DOUBLE.constant(i), "constant " + i);
            float single = i == 1 ? Float.MIN_NORMAL : (float) doubles[i];
            assertEquals(Float.floatToRawIntBits(single) & 0xFFFF_FFFFL, Additional.SINGLE.constant(i),
                    "constant " + i);
        }
        assertEquals(NAN, Additional.DOUBLE.constant(31));
        assertEquals(0x7FC0_0000L, Additional.SINGLE.constant(31));
    }

    private static double operand(SplittableRandom random) {
        double value = switch (random.nextInt(4)) {
            case 0 -> random.nextInt(-9, 10) / 2.0;
            case 1 -> Double.longBitsToDouble((random.nextLong() & 0x800F_FFFF_FFFF_FFFFL)
                    | 1023L + random.nextInt(-3, 60) << 52);
            case 2 -> random.nextInt(-1000, 1000) + 0.5 + (random.nextInt(3) - 1) * 0x1p-43;
            default -> Double.longBitsToDouble(random.nextLong());
        };
        return Double.isFinite(value) ? value : -0.0;
    }

    @Test
    void roundingToIntegralAgreesWithDecimalArithmetic() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 100_000; i++) {
            double value = operand(random);
            int rm = i % 5;
            double wanted = new BigDecimal(value).setScale(0, MODES[rm]).doubleValue();
            wanted = Math.copySign(wanted, value);
            assertEquals(bits(wanted), Additional.DOUBLE.toIntegral(fpu, bits(value), rm, true), value + " rm " + rm);
            flags(wanted == value ? 0 : NX, value + " rm " + rm);
            assertEquals(bits(wanted), Additional.DOUBLE.toIntegral(fpu, bits(value), rm, false));
            flags(0, "FROUND is never inexact");
            float single = (float) value;
            if (Float.isFinite(single)) {
                float rounded = Math.copySign(new BigDecimal(single).setScale(0, MODES[rm]).floatValue(), single);
                assertEquals(Float.floatToRawIntBits(rounded), (int) Additional.SINGLE.toIntegral(fpu,
                        Float.floatToRawIntBits(single) & 0xFFFF_FFFFL, rm, true), single + " rm " + rm);
                flags(rounded == single ? 0 : NX, single + " rm " + rm);
            }
        }
    }

    @Test
    void roundingKeepsInfinitiesAndQuietsNans() {
        for (double same : new double[]{0.0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0x1p52 + 1}) {
            assertEquals(bits(same), Additional.DOUBLE.toIntegral(fpu, bits(same), Fpu.RNE, true));
            flags(0, "exact");
        }
        assertEquals(NAN, Additional.DOUBLE.toIntegral(fpu, bits(QUIET), Fpu.RNE, true));
        flags(0, "quiet");
        assertEquals(NAN, Additional.DOUBLE.toIntegral(fpu, bits(SIGNALING), Fpu.RNE, true));
        flags(NV, "signaling");
    }

    @Test
    void minimumAndMaximumLetNansWin() {
        double[][] cases = {{1, 2, 1, 2}, {-0.0, 0.0, -0.0, 0.0}, {0.0, -0.0, -0.0, 0.0}, {-3, -2, -3, -2},
            {Double.NEGATIVE_INFINITY, 5, Double.NEGATIVE_INFINITY, 5}};
        for (double[] one : cases) {
            assertEquals(bits(one[2]), Additional.DOUBLE.minimum(fpu, bits(one[0]), bits(one[1])));
            assertEquals(bits(one[3]), Additional.DOUBLE.maximum(fpu, bits(one[0]), bits(one[1])));
        }
        flags(0, "numbers");
        assertEquals(NAN, Additional.DOUBLE.minimum(fpu, bits(QUIET), bits(1)));
        assertEquals(NAN, Additional.DOUBLE.maximum(fpu, bits(1), bits(QUIET)));
        flags(0, "quiet");
        assertEquals(NAN, Additional.DOUBLE.maximum(fpu, bits(1), bits(SIGNALING)));
        flags(NV, "signaling");
    }

    @Test
    void quietComparisonsAreInvalidForSignalingNansOnly() {
        double[] values = {Double.NEGATIVE_INFINITY, -1.5, -0x1p-1074, -0.0, 0.0, 0x1p-1074, 2,
            Double.POSITIVE_INFINITY};
        for (double a : values) {
            for (double b : values) {
                assertEquals(a < b ? 1 : 0, Additional.DOUBLE.less(fpu, bits(a), bits(b)), a + " < " + b);
                assertEquals(a <= b ? 1 : 0, Additional.DOUBLE.lessOrEqual(fpu, bits(a), bits(b)), a + " <= " + b);
            }
            assertEquals(0, Additional.DOUBLE.lessOrEqual(fpu, bits(a), bits(QUIET)));
            assertEquals(0, Additional.DOUBLE.less(fpu, bits(QUIET), bits(a)));
            flags(0, "quiet");
            assertEquals(0, Additional.DOUBLE.less(fpu, bits(a), bits(SIGNALING)));
            flags(NV, "signaling");
        }
    }

    @Test
    void modularConversionKeepsTheLowWordAndTheFlagsOfTheSaturatingOne() {
        SplittableRandom random = new SplittableRandom(12);
        for (int i = 0; i < 100_000; i++) {
            double value = operand(random);
            BigInteger whole = new BigDecimal(value).toBigInteger();
            assertEquals(whole.intValue(), Additional.modularWord(fpu, bits(value)), () -> "of " + value);
            int wanted = whole.bitLength() > 31 ? NV : whole.doubleValue() == value ? 0 : NX;
            flags(wanted, "of " + value);
        }
        for (double none : new double[]{Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, QUIET, SIGNALING}) {
            assertEquals(0, Additional.modularWord(fpu, bits(none)));
            flags(NV, "of " + none);
        }
    }
}
