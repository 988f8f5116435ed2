package calvin.machine.gdb;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Numbers and bytes as packets write them. */
final class Hex {
    private Hex() {}

    static String of(byte[] bytes, int length) {
        return HexFormat.of().formatHex(bytes, 0, length);
    }

    static String ofText(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A register's value: bytes in target order, which is little-endian. */
    static String ofRegister(long value) {
        return HexFormat.of().toHexDigits(Long.reverseBytes(value));
    }

    static byte[] bytes(String digits) throws BadPacket {
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException notHex) {
            throw new BadPacket("not hexadecimal: " + digits);
        }
    }

    /** A register's value of up to 8 bytes. */
    static long register(String digits) throws BadPacket {
        byte[] bytes = bytes(digits);
        if (bytes.length == 0 || bytes.length > 8) {
            throw new BadPacket("not a register's value: " + digits);
        }
        long value = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            value = value << 8 | bytes[i] & 0xFF;
        }
        return value;
    }

    /** An unsigned number of up to 64 bits, most significant digit first. */
    static long number(String digits) throws BadPacket {
        try {
            return Long.parseUnsignedLong(digits, 16);
        } catch (NumberFormatException notANumber) {
            throw new BadPacket("not a number: " + digits);
        }
    }

    /** A length or index. */
    static int small(String digits) throws BadPacket {
        long value = number(digits);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new BadPacket("too large: " + digits);
        }
        return (int) value;
    }
}
