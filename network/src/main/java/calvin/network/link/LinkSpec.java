package calvin.network.link;

/**
 * What a link is like, the same in both directions.
 *
 * @param latencyPs    from the first bit leaving one port to the first bit reaching the other: MAC, PHY and FEC of both
 *                     ends and the cable; greater than 0, for it is the lookahead of the simulation
 * @param bandwidthBps bits per second on the line, overhead of the frames included
 */
public record LinkSpec(long latencyPs, long bandwidthBps) {
    private static final long PS_PER_S = 1_000_000_000_000L;

    /** Preamble and start frame delimiter (IEEE 802.3, 3.1.1). */
    public static final int PREAMBLE_BYTES = 8;
    /** Frame check sequence. */
    public static final int FCS_BYTES = 4;
    /** Smallest frame, frame check sequence included (IEEE 802.3, 4A.4.2). */
    public static final int MIN_FRAME_BYTES = 64;
    /** Inter-packet gap of 96 bit times (IEEE 802.3, 4A.4.2). */
    public static final int GAP_BYTES = 12;
    /** Largest frame a link takes: an IPv4 packet of the largest size with an Ethernet header and a VLAN tag. */
    public static final int MAX_FRAME_BYTES = 65_535 + 18;

    /**
     * Time from the first bit of the preamble to the last bit of the frame check sequence, rounded up to a picosecond.
     *
     * @param frameBytes as in {@link calvin.sim.wire.Frame#bytes()}, without the frame check sequence
     */
    public long framePs(int frameBytes) {
        return bytesPs(Math.max(frameBytes + FCS_BYTES, MIN_FRAME_BYTES) + PREAMBLE_BYTES);
    }

    /** {@link #framePs} and the gap after it: how long the frame keeps the line from the next one. */
    public long occupancyPs(int frameBytes) {
        return bytesPs(Math.max(frameBytes + FCS_BYTES, MIN_FRAME_BYTES) + PREAMBLE_BYTES + GAP_BYTES);
    }

    private long bytesPs(long bytes) {
        // At most 2^20 bits times 10^12 fits in 63 bits.
        return (bytes * 8 * PS_PER_S + bandwidthBps - 1) / bandwidthBps;
    }
}
