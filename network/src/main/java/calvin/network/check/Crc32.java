package calvin.network.check;

/**
 * CRC-32/ISO-HDLC (IEEE 802.3, 3.2.9): reflected polynomial 0xEDB88320, all ones at the start and at the end, by a
 * table of 256 rows. Ours on purpose, not {@link java.util.zip.CRC32}: a checker must not share a mistake with what it
 * checks.
 */
final class Crc32 {
    private static final int POLYNOMIAL = 0xEDB8_8320;
    private static final int[] TABLE = table();

    private int register = -1;

    private static int[] table() {
        int[] rows = new int[256];
        for (int n = 0; n < 256; n++) {
            int row = n;
            for (int bit = 0; bit < 8; bit++) {
                row = (row & 1) == 0 ? row >>> 1 : row >>> 1 ^ POLYNOMIAL;
            }
            rows[n] = row;
        }
        return rows;
    }

    void add(int octet) {
        register = TABLE[(register ^ octet) & 0xFF] ^ register >>> 8;
    }

    /** The remainder so far, without the final inversion. */
    int register() {
        return register;
    }

    int value() {
        return ~register;
    }
}
