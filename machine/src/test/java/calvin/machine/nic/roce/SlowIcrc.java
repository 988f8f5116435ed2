package calvin.machine.nic.roce;

/** The invariant CRC bit by bit from its definition, sharing nothing with {@link Icrc}. */
public final class SlowIcrc {
    private SlowIcrc() {}

    /** ICRC of an Ethernet frame that carries an IPv4 RoCEv2 packet, in the order of its bytes on the wire. */
    public static byte[] of(byte[] frame) {
        int total = (frame[16] & 0xFF) << 8 | frame[17] & 0xFF;
        int crc = 0xFFFF_FFFF;
        for (int i = 0; i < 8; i++) {
            crc = step(crc, 0xFF);
        }
        for (int i = 0; i < total - 4; i++) {
            boolean variant = i == 1 || i == 8 || i == 10 || i == 11 || i == 26 || i == 27 || i == 32;
            crc = step(crc, variant ? 0xFF : frame[14 + i] & 0xFF);
        }
        crc = ~crc;
        return new byte[]{(byte) crc, (byte) (crc >>> 8), (byte) (crc >>> 16), (byte) (crc >>> 24)};
    }

    /** One byte into the reflected CRC-32 with polynomial 0x04C11DB7. */
    private static int step(int crc, int value) {
        int next = crc ^ value;
        for (int bit = 0; bit < 8; bit++) {
            next = (next & 1) != 0 ? next >>> 1 ^ 0xEDB8_8320 : next >>> 1;
        }
        return next;
    }
}
