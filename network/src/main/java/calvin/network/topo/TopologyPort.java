package calvin.network.topo;

/**
 * One end of a link.
 *
 * @param number the port's number in the experiment
 * @param owner  the node or switch it belongs to
 * @param index  counts the owner's ports from 0
 * @param peer   number of the port at the other end
 * @param link   index of the link
 * @param ipv4   address in host order, 0 for a switch's port
 * @param mac    address with its first octet in bits 47..40, 0 for a switch's port
 */
public record TopologyPort(int number, Vertex owner, int index, int peer, int link, int ipv4, long mac) {
    /** First two octets of every MAC address: locally administered, unicast. */
    private static final long MAC_PREFIX = 0x0200L << 32;
    /** Host numbers 1..254 are used in each /24, so that no address looks like a network or a broadcast. */
    private static final int HOSTS_PER_NET = 254;
    /** Nodes that have addresses. */
    public static final int MAX_NODES = HOSTS_PER_NET * 256;
    /** Ports of a node that have addresses. */
    public static final int MAX_NODE_PORTS = 256;

    /** {@code 10.port.0.1} for node 0, counting in the last two octets: 10.0.0.254 is followed by 10.0.1.1. */
    static int ipv4(int node, int portIndex) {
        return 10 << 24 | portIndex << 16 | node / HOSTS_PER_NET << 8 | node % HOSTS_PER_NET + 1;
    }

    /** {@code 02:00} and the four octets of the IPv4 address, as the card's driver computes it. */
    public static long macOf(int ipv4) {
        return MAC_PREFIX | ipv4 & 0xFFFF_FFFFL;
    }

    /** For example {@code node0/port0}. */
    public String name() {
        return owner.name() + "/port" + index;
    }

    /** The IPv4 address in dotted form. */
    public String ipv4Text() {
        return (ipv4 >>> 24) + "." + (ipv4 >>> 16 & 255) + "." + (ipv4 >>> 8 & 255) + "." + (ipv4 & 255);
    }
}
