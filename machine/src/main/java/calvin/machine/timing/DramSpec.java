package calvin.machine.timing;

/**
 * Memory devices of one NUMA node.
 *
 * @param name        class of memory, as the board names it
 * @param channels    independent channels
 * @param banks       banks of a channel (bank groups times banks)
 * @param rowBytes    bytes of an open row
 * @param casPs       CL: column access to first data
 * @param activatePs  tRCD: row activation to column access
 * @param prechargePs tRP: closing a row
 * @param burstPs     time that 64 bytes keep a channel's data bus busy
 * @param controllerPs everything between last-level cache and the pins, both ways
 */
public record DramSpec(String name, int channels, int banks, int rowBytes, long casPs, long activatePs,
        long prechargePs, long burstPs, long controllerPs) {
    /**
     * DDR5-4800B, 4 channels of two 32-bit sub-channels seen as one: CL40-39-39 at 2.4 GHz (JESD79-5), 38.4 GB/s a
     * channel.
     */
    public static final DramSpec DDR = new DramSpec("ddr", 4, 32, 8192, 16_670, 16_250, 16_250, 1_667, 40_000);
    /**
     * One stack of HBM2E at 3.2 Gb/s, 16 pseudo-channels of 25.6 GB/s (JESD235D): more bandwidth, about the same
     * latency.
     */
    public static final DramSpec HBM = new DramSpec("hbm", 16, 16, 1024, 18_000, 14_000, 14_000, 2_500, 50_000);
}
