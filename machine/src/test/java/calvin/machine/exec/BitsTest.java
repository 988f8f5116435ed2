package calvin.machine.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What comparison with QEMU does not reach: Zicond, CTZW (wrong in QEMU before 8.0); and products against big integers.
 */
class BitsTest {
    @Test
    void wordCountsStopAtBitThirtyTwo() {
        assertEquals(32, Bits.ctzw(1L << 33));
        assertEquals(31, Bits.ctzw(1L << 31));
        assertEquals(32, Bits.clzw(1L << 33));
        assertEquals(0, Bits.clzw(0x8000_0000L));
        assertEquals(64, Bits.ctz(0));
        assertEquals(1, Bits.cpopw(0xFF00_0000_0000_0001L));
    }

    @Test
    void conditionalZeroes() {
        assertEquals(0, Bits.czeroEqz(5, 0));
        assertEquals(5, Bits.czeroEqz(5, -1));
        assertEquals(5, Bits.czeroNez(5, 0));
        assertEquals(0, Bits.czeroNez(5, 1L << 63));
    }

    @Test
    void bytesAreOredIndependently() {
        assertEquals(0xFF00_FF00_00FF_FF00L, Bits.orcb(0x8000_0100_0010_7F00L));
        assertEquals(0, Bits.orcb(0));
        assertEquals(-1, Bits.orcb(0x0101_0180_4020_1008L));
    }

    @Test
    void productsAreThoseOfBigIntegers() {
        SplittableRandom random = new SplittableRandom(1);
        long[] special = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0xFFFF_FFFFL, 1L << 32};
        for (int i = 0; i < 20_000; i++) {
            long a = i % 3 == 0 ? special[random.nextInt(7)] : random.nextLong();
            long b = i % 5 == 0 ? special[random.nextInt(7)] : random.nextLong();
            BigInteger bigA = BigInteger.valueOf(a);
            BigInteger bigB = BigInteger.valueOf(b);
            BigInteger unsignedA = new BigInteger(Long.toUnsignedString(a));
            BigInteger unsignedB = new BigInteger(Long.toUnsignedString(b));
            assertEquals(bigA.multiply(bigB).shiftRight(64).longValue(), Multiply.mulh(a, b));
            assertEquals(unsignedA.multiply(unsignedB).shiftRight(64).longValue(), Multiply.mulhu(a, b));
            assertEquals(bigA.multiply(unsignedB).shiftRight(64).longValue(), Multiply.mulhsu(a, b));
            BigInteger carryless = BigInteger.ZERO;
            for (int bit = 0; bit < 64; bit++) {
                carryless = unsignedB.testBit(bit) ? carryless.xor(unsignedA.shiftLeft(bit)) : carryless;
            }
            assertEquals(carryless.longValue(), Bits.clmul(a, b));
            assertEquals(carryless.shiftRight(64).longValue(), Bits.clmulh(a, b));
            assertEquals(carryless.shiftRight(63).longValue(), Bits.clmulr(a, b));
        }
    }

    @Test
    void divisionHasResultsForEverything() {
        assertEquals(-1, Multiply.div(7, 0));
        assertEquals(Long.MIN_VALUE, Multiply.div(Long.MIN_VALUE, -1));
        assertEquals(0, Multiply.rem(Long.MIN_VALUE, -1));
        assertEquals(7, Multiply.rem(7, 0));
        assertEquals(-1, Multiply.divuw(7, 1L << 32));
        assertEquals(Integer.MIN_VALUE, Multiply.divw(0x8000_0000L, -1));
        assertEquals(-7, Multiply.remw(0xFFFF_FFF9L, 0));
        assertEquals(-1, Multiply.remuw(0xFFFF_FFFFL, 0));
    }
}
