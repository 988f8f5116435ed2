package calvin.lwk.mm;

import calvin.machine.hosted.HartPort;

/** Words and strings in the memory of the current task. Every access is checked as the task's own would be. */
public final class UserMemory {
    public static final int READ = 0;
    public static final int WRITE = 1;
    private static final long PAGE_BYTES = 4096;

    private UserMemory() {}

    /** Whether every byte of a word can be accessed. */
    public static boolean accessible(HartPort port, long va, int bytes, int access) {
        return port.translateUser(va, access) != -1
                && ((va & PAGE_BYTES - 1) + bytes <= PAGE_BYTES || port.translateUser(va + bytes - 1, access) != -1);
    }

    /** Reads up to 8 bytes; the caller has checked {@link #accessible}, otherwise the result is 0. */
    public static long get(HartPort port, long va, int bytes) {
        if ((va & PAGE_BYTES - 1) + bytes <= PAGE_BYTES) {
            long pa = port.translateUser(va, READ);
            if (pa == -1) {
                return 0;
            }
            return switch (bytes) {
                case 8 -> port.physical().u64(pa);
                case 4 -> port.physical().u32(pa);
                case 2 -> port.physical().u16(pa);
                default -> port.physical().u8(pa);
            };
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= get(port, va + i, 1) << 8 * i;
        }
        return value;
    }

    /** Writes up to 8 bytes, all or none; false where the task could not. */
    public static boolean put(HartPort port, long va, int bytes, long value) {
        if ((va & PAGE_BYTES - 1) + bytes > PAGE_BYTES) {
            if (!accessible(port, va, bytes, WRITE)) {
                return false;
            }
            for (int i = 0; i < bytes; i++) {
                put(port, va + i, 1, value >>> 8 * i);
            }
            return true;
        }
        long pa = port.translateUser(va, WRITE);
        if (pa == -1) {
            return false;
        }
        switch (bytes) {
            case 8 -> port.physical().u64(pa, value);
            case 4 -> port.physical().u32(pa, value);
            case 2 -> port.physical().u16(pa, (int) value);
            default -> port.physical().u8(pa, (int) value);
        }
        return true;
    }

    public static boolean put64(HartPort port, long va, long value) {
        return put(port, va, 8, value);
    }

    /** Writes two words that follow each other: a timespec, a timeval, a range. */
    public static boolean putPair(HartPort port, long va, long first, long second) {
        return accessible(port, va, 8, WRITE) && put(port, va + 8, 8, second) && put(port, va, 8, first);
    }

    /**
     * A zero-terminated string.
     *
     * @return its length without the zero, -1 where it cannot be read, {@code into.length} when no zero is found within
     *         that
     */
    public static int getString(HartPort port, long va, byte[] into) {
        int length = 0;
        while (length < into.length) {
            long pa = port.translateUser(va + length, READ);
            if (pa == -1) {
                return -1;
            }
            int chunk = (int) Math.min(into.length - length, PAGE_BYTES - (va + length & PAGE_BYTES - 1));
            for (int i = 0; i < chunk; i++) {
                byte value = (byte) port.physical().u8(pa + i);
                if (value == 0) {
                    return length + i;
                }
                into[length + i] = value;
            }
            length += chunk;
        }
        return length;
    }
}
