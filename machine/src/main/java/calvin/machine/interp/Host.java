package calvin.machine.interp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Guest memory by host address, as a hit of the data TLB gives it: the TLB has checked the address, nothing here does.
 */
final class Host {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private Host() {}

    static byte i8(long at) {
        return ALL.get(ValueLayout.JAVA_BYTE, at);
    }

    static short i16(long at) {
        return ALL.get(SHORT, at);
    }

    static int i32(long at) {
        return ALL.get(INT, at);
    }

    static long i64(long at) {
        return ALL.get(LONG, at);
    }

    static void i8(long at, long value) {
        ALL.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    }

    static void i16(long at, long value) {
        ALL.set(SHORT, at, (short) value);
    }

    static void i32(long at, long value) {
        ALL.set(INT, at, (int) value);
    }

    static void i64(long at, long value) {
        ALL.set(LONG, at, value);
    }
}
