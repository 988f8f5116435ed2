package calvin.network.check;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Goes through a capture and reports every RoCEv2 frame that is not sound: wrong invariant CRC, lengths that contradict
 * each other, a wrong IPv4 header checksum. Ethernet padding behind the CRC is no part of the packet. VLAN tags are
 * understood; IPv6 extension headers are not.
 */
public final class IcrcChecker {
    private static final int LINKTYPE_ETHERNET = 1;
    private static final int ETHERNET_HEADER = 14;
    private static final int VLAN_TAG = 4;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_IPV6 = 0x86DD;
    private static final int PROTOCOL_UDP = 17;
    private static final int IPV6_HEADER = 40;
    private static final int UDP_HEADER = 8;
    private static final int BTH = 12;
    private static final int ROCE_PORT = 4791;
    private static final int MAX_FINDINGS = 100;

    private IcrcChecker() {}

    /**
     * A frame that is not sound.
     *
     * @param packet   counts the packets of the file from 1, as Wireshark does
     * @param packetId the frame's origin, -1 if the file does not say
     */
    public record Finding(long packet, String interfaceName, long timePs, long packetId, String problem) {
        @Override
        public String toString() {
            return "packet " + packet + " at " + timePs + " ps on " + interfaceName + ": " + problem;
        }
    }

    /**
     * What a capture holds.
     *
     * @param packets  all packets
     * @param roce     RoCEv2 packets among them
     * @param bad      RoCEv2 packets that are not sound
     * @param findings the first of these, at most 100
     */
    public record Report(long packets, long roce, long bad, List<Finding> findings) {
        public boolean sound() {
            return bad == 0;
        }
    }

    /** @throws IOException if the file cannot be read or is not pcapng */
    public static Report check(InputStream file) throws IOException {
        PcapngReader reader = new PcapngReader(file);
        List<Finding> findings = new ArrayList<>();
        long packets = 0;
        long roce = 0;
        long bad = 0;
        for (PcapngReader.Packet packet = reader.next(); packet != null; packet = reader.next()) {
            packets++;
            if (packet.linkType() != LINKTYPE_ETHERNET || !isRoce(packet.bytes())) {
                continue;
            }
            roce++;
            String problem = problem(packet.bytes());
            if (problem != null) {
                bad++;
                if (findings.size() < MAX_FINDINGS) {
                    findings.add(new Finding(packets, packet.interfaceName(), packet.timePs(), packet.packetId(),
                            problem));
                }
            }
        }
        return new Report(packets, roce, bad, List.copyOf(findings));
    }

    /** Whether an Ethernet frame carries UDP to port 4791 as the first or only fragment. */
    static boolean isRoce(byte[] frame) {
        int ip = ipAt(frame);
        if (ip < 0) {
            return false;
        }
        boolean four = typeBefore(frame, ip) == TYPE_IPV4;
        int udp = udpAt(frame, ip, four);
        return udp >= 0 && frame.length >= udp + UDP_HEADER && u8(frame, ip + (four ? 9 : 6)) == PROTOCOL_UDP
                && (!four || (u16(frame, ip + 6) & 0x1FFF) == 0) && u16(frame, udp + 2) == ROCE_PORT;
    }

    /** What is wrong with a RoCEv2 frame, or null. */
    static String problem(byte[] frame) {
        int ip = ipAt(frame);
        boolean four = typeBefore(frame, ip) == TYPE_IPV4;
        int udp = udpAt(frame, ip, four);
        int end = ip + (four ? u16(frame, ip + 2) : IPV6_HEADER + u16(frame, ip + 4));
        if (end > frame.length) {
            return "the frame has " + frame.length + " bytes, its IP packet ends at " + end;
        }
        if (four && (u16(frame, ip + 6) & 0x2000) != 0) {
            return "fragmented";
        }
        if (four && headerSum(frame, ip, udp) != 0xFFFF) {
            return "wrong IPv4 header checksum";
        }
        if (u16(frame, udp + 4) != end - udp) {
            return "UDP length " + u16(frame, udp + 4) + ", but the IP packet leaves " + (end - udp);
        }
        if (end - udp < UDP_HEADER + BTH + Icrc.BYTES) {
            return "no room for a base transport header and the CRC";
        }
        int computed = Icrc.of(frame, ip, end - Icrc.BYTES);
        int carried = Icrc.carried(frame, end - Icrc.BYTES);
        return computed == carried
                ? null
                : String.format(Locale.ROOT, "ICRC is %08x, should be %08x", carried, computed);
    }

    /** Index of the IP header, or -1. */
    private static int ipAt(byte[] frame) {
        int at = ETHERNET_HEADER;
        while (frame.length >= at && u16(frame, at - 2) == TYPE_VLAN) {
            at += VLAN_TAG;
        }
        int type = frame.length < at + 20 ? -1 : u16(frame, at - 2);
        return type == TYPE_IPV4 || type == TYPE_IPV6 && frame.length >= at + IPV6_HEADER ? at : -1;
    }

    private static int typeBefore(byte[] frame, int ip) {
        return u16(frame, ip - 2);
    }

    /** Index of the UDP header, or -1 for an IP header that is none. */
    private static int udpAt(byte[] frame, int ip, boolean four) {
        if (u8(frame, ip) >>> 4 != (four ? 4 : 6)) {
            return -1;
        }
        int words = u8(frame, ip) & 15;
        return four ? (words < 5 ? -1 : ip + 4 * words) : ip + IPV6_HEADER;
    }

    /** Ones' complement sum of the header with its checksum: 0xFFFF when that is right (RFC 1071). */
    private static int headerSum(byte[] frame, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i += 2) {
            sum += u16(frame, i);
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }

    private static int u8(byte[] bytes, int at) {
        return bytes[at] & 0xFF;
    }

    private static int u16(byte[] bytes, int at) {
        return u8(bytes, at) << 8 | u8(bytes, at + 1);
    }
}
