package calvin.machine.mem;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Little-endian access to absolute host addresses, the only place that does it. A host address comes from {@link
 * PhysicalMemory} and is good as long as that memory maps the frame there; nothing checks it.
 *
 * <p>One constant segment spans the whole address space, so C2 folds its base, its liveness and its bounds: an access
 * is one move and one compare.
 */
public final class HostMemory {
    /** The host's address space, for translated code; everybody else calls the methods. */
    public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    public static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;
    public static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private HostMemory() {}

    public static byte i8(long host) {
        return ALL.get(I8, host);
    }

    public static void i8(long host, byte value) {
        ALL.set(I8, host, value);
    }

    public static short i16(long host) {
        return ALL.get(I16, host);
    }

    public static void i16(long host, short value) {
        ALL.set(I16, host, value);
    }

    public static int i32(long host) {
        return ALL.get(I32, host);
    }

    public static void i32(long host, int value) {
        ALL.set(I32, host, value);
    }

    public static long i64(long host) {
        return ALL.get(I64, host);
    }

    public static void i64(long host, long value) {
        ALL.set(I64, host, value);
    }

    /** Loads {@code 1 << sizeLog2} bytes, zero-extended. */
    public static long load(long host, int sizeLog2) {
        return switch (sizeLog2) {
            case 0 -> i8(host) & 0xFFL;
            case 1 -> i16(host) & 0xFFFFL;
            case 2 -> i32(host) & 0xFFFF_FFFFL;
            default -> i64(host);
        };
    }

    /** Stores the low {@code 1 << sizeLog2} bytes of {@code value}. */
    public static void store(long host, int sizeLog2, long value) {
        switch (sizeLog2) {
            case 0 -> i8(host, (byte) value);
            case 1 -> i16(host, (short) value);
            case 2 -> i32(host, (int) value);
            default -> i64(host, value);
        }
    }

    static void copy(long fromHost, long toHost, long bytes) {
        MemorySegment.copy(ALL, fromHost, ALL, toHost, bytes);
    }

    static void zero(long host, long bytes) {
        ALL.asSlice(host, bytes).fill((byte) 0);
    }

    static void read(long host, byte[] into, int offset, int length) {
        MemorySegment.copy(ALL, I8, host, into, offset, length);
    }

    static void write(long host, byte[] from, int offset, int length) {
        MemorySegment.copy(from, offset, ALL, I8, host, length);
    }
}
