package calvin.network.check;

/**
 * The invariant CRC of RoCEv2 (RoCEv2 annex A17.3.3; the recipe that Linux rxe follows): CRC-32 over eight octets of
 * ones in place of the absent local route header, then the packet from the IP header to the last pad octet, where what
 * routers may change counts as ones. It is sent least significant octet first.
 */
public final class Icrc {
    /** Octets of the CRC at the end of the UDP payload. */
    public static final int BYTES = 4;

    private static final int LRH_OCTETS = 8;
    private static final int IPV6_HEADER = 40;

    private Icrc() {}

    /**
     * Computes the CRC of a packet.
     *
     * @param bytes holds the packet
     * @param ip    index of the first octet of the IP header (version 4 or 6)
     * @param end   index behind the last octet before the CRC
     */
    public static int of(byte[] bytes, int ip, int end) {
        boolean four = (bytes[ip] >>> 4 & 15) == 4;
        int udp = ip + (four ? (bytes[ip] & 15) * 4 : IPV6_HEADER);
        Crc32 crc = new Crc32();
        for (int i = 0; i < LRH_OCTETS; i++) {
            crc.add(0xFF);
        }
        for (int i = ip; i < end; i++) {
            boolean variant = i < udp ? (four ? inIpv4(i - ip) : inIpv6(i - ip)) : inUdpOrBth(i - udp);
            crc.add(variant ? 0xFF : octet(bytes, i, ip, four));
        }
        return crc.value();
    }

    /** Type of service, time to live, header checksum. */
    private static boolean inIpv4(int offset) {
        return offset == 1 || offset == 8 || offset == 10 || offset == 11;
    }

    /** Flow label and hop limit; the traffic class is shared with the version, see {@link #octet}. */
    private static boolean inIpv6(int offset) {
        return offset >= 1 && offset <= 3 || offset == 7;
    }

    /** UDP checksum; the octet of the BTH that holds FECN, BECN and reserved bits. */
    private static boolean inUdpOrBth(int offset) {
        return offset == 6 || offset == 7 || offset == 8 + 4;
    }

    /**
     * The octet as it counts: the first one of IPv6 keeps its version, the upper half of the traffic class counts as
     * ones.
     */
    private static int octet(byte[] bytes, int i, int ip, boolean four) {
        return !four && i == ip ? bytes[i] | 0x0F : bytes[i];
    }

    /** The CRC that a packet carries, as {@link #of} gives it. */
    public static int carried(byte[] bytes, int at) {
        int value = 0;
        for (int i = BYTES - 1; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xFF;
        }
        return value;
    }
}
