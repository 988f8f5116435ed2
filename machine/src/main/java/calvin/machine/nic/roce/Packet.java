package calvin.machine.nic.roce;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A RoCEv2 packet inside an Ethernet frame without its FCS: offsets and accessors, all big-endian.
 *
 * <pre>
 * Ethernet 14 | IPv4 20 | UDP 8 | BTH 12 | RETH 16 / AETH 4 / ImmDt 4 | payload | pad 0..3 | ICRC 4 | Ethernet padding
 * </pre>
 *
 * Follows ib vol. 1, 9.2 to 9.6 (BTH and extension headers) and annex A17 (RoCEv2 over UDP). IPv4 without options
 * only; no VLAN tag, no IPv6. The IPv4 total length ends the packet, so Ethernet padding after it is ignored.
 */
public final class Packet {
    public static final int ETHERNET_AT = 0;
    public static final int IP_AT = 14;
    public static final int UDP_AT = IP_AT + 20;
    public static final int BTH_AT = UDP_AT + 8;
    public static final int EXTENSION_AT = BTH_AT + 12;
    public static final int RETH_BYTES = 16;
    public static final int AETH_BYTES = 4;
    public static final int IMMEDIATE_BYTES = 4;
    public static final int ICRC_BYTES = 4;
    /** The shortest Ethernet frame, without its FCS. */
    public static final int MIN_FRAME_BYTES = 60;
    /** IANA's UDP destination port of RoCEv2. */
    public static final int UDP_PORT = 4791;
    public static final int PSN_MASK = 0xFF_FFFF;
    public static final int DEFAULT_PKEY = 0xFFFF;

    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int PROTOCOL_UDP = 17;
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Packet() {}

    static int u8(byte[] frame, int at) {
        return frame[at] & 0xFF;
    }

    static int u16(byte[] frame, int at) {
        return (short) SHORT.get(frame, at) & 0xFFFF;
    }

    static void u16(byte[] frame, int at, int value) {
        SHORT.set(frame, at, (short) value);
    }

    static int u32(byte[] frame, int at) {
        return (int) INT.get(frame, at);
    }

    static void u32(byte[] frame, int at, int value) {
        INT.set(frame, at, value);
    }

    static long u64(byte[] frame, int at) {
        return (long) LONG.get(frame, at);
    }

    static void u64(byte[] frame, int at, long value) {
        LONG.set(frame, at, value);
    }

    /**
     * Why {@code frame} is not a RoCEv2 packet over IPv4 with correct lengths, header checksum and ICRC, or null when
     * it is one.
     */
    public static DropReason flaw(byte[] frame, Icrc icrc) {
        if (frame.length < EXTENSION_AT + ICRC_BYTES || u16(frame, 12) != ETHERTYPE_IPV4) {
            return DropReason.NOT_ROCE;
        }
        // No options, not a fragment (RoCEv2 packets are never fragmented).
        if (u8(frame, IP_AT) != 0x45 || (u16(frame, IP_AT + 6) & 0x3FFF) != 0 || u8(frame, IP_AT + 9) != PROTOCOL_UDP
                || u16(frame, UDP_AT + 2) != UDP_PORT) {
            return DropReason.NOT_ROCE;
        }
        int ipBytes = u16(frame, IP_AT + 2);
        if (ipBytes > frame.length - IP_AT || ipBytes < EXTENSION_AT + ICRC_BYTES - IP_AT
                || u16(frame, UDP_AT + 4) != ipBytes - 20) {
            return DropReason.BAD_LENGTH;
        }
        if (headerSum(frame) != 0xFFFF) {
            return DropReason.BAD_IP_CHECKSUM;
        }
        if (icrc.of(frame, endAt(frame) - ICRC_BYTES) != Integer.reverseBytes(u32(frame, endAt(frame) - ICRC_BYTES))) {
            return DropReason.BAD_ICRC;
        }
        // Transport version 0, and the default partition (limited membership may lack the top bit).
        if ((u8(frame, BTH_AT + 1) & 0xF) != 0 || (u16(frame, BTH_AT + 2) & 0x7FFF) != (DEFAULT_PKEY & 0x7FFF)) {
            return DropReason.BAD_TRANSPORT_HEADER;
        }
        return null;
    }

    /** The ones-complement sum of the IPv4 header's words; 0xFFFF when its checksum is right (RFC 1071). */
    static int headerSum(byte[] frame) {
        int sum = 0;
        for (int i = 0; i < 20; i += 2) {
            sum += u16(frame, IP_AT + i);
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        return (sum & 0xFFFF) + (sum >>> 16);
    }

    /** Where the packet ends, as the IPv4 total length says: one past the ICRC. */
    public static int endAt(byte[] frame) {
        return IP_AT + u16(frame, IP_AT + 2);
    }

    /** The destination address, first octet in bits 47..40. */
    public static long destinationMac(byte[] frame) {
        return u64(frame, 0) >>> 16;
    }

    public static int sourceIp(byte[] frame) {
        return u32(frame, IP_AT + 12);
    }

    public static int destinationIp(byte[] frame) {
        return u32(frame, IP_AT + 16);
    }

    public static int opcode(byte[] frame) {
        return u8(frame, BTH_AT);
    }

    public static boolean solicited(byte[] frame) {
        return (frame[BTH_AT + 1] & 0x80) != 0;
    }

    public static int padBytes(byte[] frame) {
        return (frame[BTH_AT + 1] >>> 4) & 3;
    }

    public static int destinationQp(byte[] frame) {
        return u32(frame, BTH_AT + 4) & 0xFF_FFFF;
    }

    public static boolean ackRequested(byte[] frame) {
        return (frame[BTH_AT + 8] & 0x80) != 0;
    }

    public static int psn(byte[] frame) {
        return u32(frame, BTH_AT + 8) & PSN_MASK;
    }

    public static long rethVa(byte[] frame) {
        return u64(frame, EXTENSION_AT);
    }

    public static int rethKey(byte[] frame) {
        return u32(frame, EXTENSION_AT + 8);
    }

    /** Length of the message's data, unsigned. */
    public static long rethBytes(byte[] frame) {
        return u32(frame, EXTENSION_AT + 12) & 0xFFFF_FFFFL;
    }

    public static int aethSyndrome(byte[] frame) {
        return u8(frame, EXTENSION_AT);
    }

    public static int aethMsn(byte[] frame) {
        return u32(frame, EXTENSION_AT) & PSN_MASK;
    }

    /** The immediate data of a packet whose opcode has some, in the order of its bytes on the wire. */
    public static int immediate(byte[] frame, RcOpcode opcode) {
        return u32(frame, EXTENSION_AT + opcode.extensionBytes() - IMMEDIATE_BYTES);
    }

    public static int payloadAt(RcOpcode opcode) {
        return EXTENSION_AT + opcode.extensionBytes();
    }

    /** Payload bytes without padding; negative when the packet is too short for its headers. */
    public static int payloadBytes(byte[] frame, RcOpcode opcode) {
        return endAt(frame) - ICRC_BYTES - padBytes(frame) - payloadAt(opcode);
    }

    /**
     * {@code left - right} in 24-bit serial arithmetic: positive where left is ahead (ib vol. 1, 9.7.2: half the
     * space each way).
     */
    public static int psnDistance(int left, int right) {
        return (left - right) << 8 >> 8;
    }
}
