package calvin.machine.virtio.share;

import java.nio.charset.StandardCharsets;

/**
 * A 9P message being read or written: little-endian numbers, strings with a 16-bit length. Reading beyond the end gives
 * zeros and {@link #broken}; writing beyond it does nothing.
 */
final class Message {
    private final byte[] bytes;
    private int at;
    private int end;
    private boolean broken;

    Message(int sizeBytes) {
        bytes = new byte[sizeBytes];
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String utf8(byte[] text) {
        return new String(text, StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        return bytes;
    }

    int at() {
        return at;
    }

    void at(int value) {
        at = value;
    }

    /** Bytes left before the end. */
    int rest() {
        return end - at;
    }

    boolean broken() {
        return broken;
    }

    /** Starts at the beginning; {@code length} bytes are there, or may be written. */
    Message begin(int length) {
        at = 0;
        end = length;
        broken = false;
        return this;
    }

    private boolean has(int length) {
        if (length < 0 || length > end - at) {
            broken = true;
            return false;
        }
        return true;
    }

    long get(int width) {
        if (!has(width)) {
            return 0;
        }
        long value = 0;
        for (int i = 0; i < width; i++) {
            value |= (bytes[at + i] & 0xFFL) << 8 * i;
        }
        at += width;
        return value;
    }

    int u32() {
        return (int) get(4);
    }

    String string() {
        int length = (int) get(2);
        if (!has(length)) {
            return "";
        }
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    Message put(int width, long value) {
        if (has(width)) {
            for (int i = 0; i < width; i++) {
                bytes[at + i] = (byte) (value >>> 8 * i);
            }
            at += width;
        }
        return this;
    }

    Message string(String text) {
        byte[] encoded = utf8(text);
        put(2, encoded.length);
        if (has(encoded.length)) {
            System.arraycopy(encoded, 0, bytes, at, encoded.length);
            at += encoded.length;
        }
        return this;
    }

    /** A qid: type (0x80 folder, 2 link), version, path. */
    Message qid(Inode inode) {
        int type = inode.isFolder() ? 0x80 : inode.isRegular() ? 0 : 2;
        return put(1, type).put(4, 0).put(8, inode.number);
    }
}
