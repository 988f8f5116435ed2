package calvin.network.topo;

import calvin.network.link.LinkSpec;

/**
 * The values a plan takes where the experiment says nothing: the 100 Gb/s RoCE class. Sources are given in {@code
 * docs/network.md}.
 */
public final class Defaults {
    /** Bits per second of a 100GBASE-R link. */
    public static final long LINK_BANDWIDTH_BPS = 100_000_000_000L;
    /** RS-FEC (22 ns sending, 115 ns receiving), about 40 ns of MAC and PCS, and 4 m of cable at 5 ns/m. */
    public static final long LINK_LATENCY_PS = 200_000;
    /** Port to port through a switch chip of the 100 Gb/s Ethernet class, for which makers state 300 ns. */
    public static final long SWITCH_FORWARDING_PS = 300_000;
    /** What one congested port gets of a shared 32 MiB buffer under dynamic thresholds with alpha 1: half. */
    public static final long SWITCH_BUFFER_BYTES = 16L << 20;
    /** Bytes behind the Ethernet header: a RoCE path MTU of 4096 needs 4176 and more. */
    public static final int ETHERNET_MTU_BYTES = 4200;

    public static final LinkSpec LINK = new LinkSpec(LINK_LATENCY_PS, LINK_BANDWIDTH_BPS);
    public static final SwitchSpec SWITCH = new SwitchSpec(SWITCH_FORWARDING_PS, SWITCH_BUFFER_BYTES, false);

    private Defaults() {}
}
