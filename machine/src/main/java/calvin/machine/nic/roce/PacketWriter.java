package calvin.machine.nic.roce;

/**
 * Builds packets of one port. The caller allocates nothing but the frame: {@link #frame} makes it with all headers,
 * the caller puts extension fields and payload in place, {@link #seal} adds the ICRC.
 */
public final class PacketWriter {
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int TTL = 64;
    /** Source ports are 0xC000 and up, as Linux's rxe chooses them, so that they stay out of the registered range. */
    private static final int SOURCE_PORTS = 0xC000;

    private final long mac;
    private final int ipv4;
    private final Icrc icrc;

    /**
     * @param mac  48 bits, first octet in bits 47..40
     * @param ipv4 host order
     */
    public PacketWriter(long mac, int ipv4, Icrc icrc) {
        this.mac = mac;
        this.ipv4 = ipv4;
        this.icrc = icrc;
    }

    /** Length of the frame that {@link #frame} makes. */
    public static int frameBytes(RcOpcode opcode, int payloadBytes) {
        int bytes = Packet.payloadAt(opcode) + ((payloadBytes + 3) & ~3) + Packet.ICRC_BYTES;
        return Math.max(bytes, Packet.MIN_FRAME_BYTES);
    }

    /**
     * A new frame with Ethernet, IPv4, UDP and BTH filled in; payload, pad and extension headers are zero.
     *
     * @param ipId      IPv4 identification
     * @param sourceQpn chooses the UDP source port: the entropy that spreads queue pairs over equal paths
     */
    public byte[] frame(RcOpcode opcode, int payloadBytes, long toMac, int toIp, int ipId, int sourceQpn, int toQpn,
            int psn, boolean ackRequest, boolean solicited) {
        byte[] frame = new byte[frameBytes(opcode, payloadBytes)];
        Packet.u64(frame, 0, toMac << 16 | mac >>> 32);
        Packet.u32(frame, 8, (int) mac);
        Packet.u16(frame, 12, 0x0800);
        int padBytes = -payloadBytes & 3;
        int ipBytes = Packet.payloadAt(opcode) + payloadBytes + padBytes + Packet.ICRC_BYTES - Packet.IP_AT;
        Packet.u16(frame, Packet.IP_AT, 0x4500);
        Packet.u16(frame, Packet.IP_AT + 2, ipBytes);
        Packet.u16(frame, Packet.IP_AT + 4, ipId);
        Packet.u16(frame, Packet.IP_AT + 6, DONT_FRAGMENT);
        Packet.u16(frame, Packet.IP_AT + 8, TTL << 8 | 17);
        Packet.u32(frame, Packet.IP_AT + 12, ipv4);
        Packet.u32(frame, Packet.IP_AT + 16, toIp);
        Packet.u16(frame, Packet.IP_AT + 10, ~Packet.headerSum(frame));
        Packet.u16(frame, Packet.UDP_AT, sourcePort(sourceQpn));
        Packet.u16(frame, Packet.UDP_AT + 2, Packet.UDP_PORT);
        Packet.u16(frame, Packet.UDP_AT + 4, ipBytes - 20);
        Packet.u32(frame, Packet.BTH_AT,
                opcode.code() << 24 | (solicited ? 1 << 23 : 0) | padBytes << 20 | Packet.DEFAULT_PKEY);
        Packet.u32(frame, Packet.BTH_AT + 4, toQpn & 0xFF_FFFF);
        Packet.u32(frame, Packet.BTH_AT + 8, (ackRequest ? 1 << 31 : 0) | psn & Packet.PSN_MASK);
        return frame;
    }

    public static void reth(byte[] frame, long va, int rkey, int messageBytes) {
        Packet.u64(frame, Packet.EXTENSION_AT, va);
        Packet.u32(frame, Packet.EXTENSION_AT + 8, rkey);
        Packet.u32(frame, Packet.EXTENSION_AT + 12, messageBytes);
    }

    public static void aeth(byte[] frame, int syndrome, int msn) {
        Packet.u32(frame, Packet.EXTENSION_AT, syndrome << 24 | msn & Packet.PSN_MASK);
    }

    public static void immediate(byte[] frame, RcOpcode opcode, int value) {
        Packet.u32(frame, Packet.payloadAt(opcode) - Packet.IMMEDIATE_BYTES, value);
    }

    /** Puts the ICRC at the packet's end; nothing of the packet may change afterwards. */
    public void seal(byte[] frame) {
        int icrcAt = Packet.endAt(frame) - Packet.ICRC_BYTES;
        Packet.u32(frame, icrcAt, Integer.reverseBytes(icrc.of(frame, icrcAt)));
    }

    /** {@code 0xC000 | 14 bits}: a multiplicative hash (Knuth, 6.4) of the queue pair's number. */
    static int sourcePort(int qpn) {
        return SOURCE_PORTS | (qpn * 0x9E37_79B1) >>> 18;
    }
}
