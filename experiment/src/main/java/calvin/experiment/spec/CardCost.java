package calvin.experiment.spec;

import calvin.experiment.input.Quantity;

/**
 * Costs of the RDMA card that a node class may set: the words under {@code card}. Bandwidths are bits per second in the
 * file and here.
 */
public enum CardCost {
    // @formatter:off
    DOORBELL            (Quantity.TIME,      0),
    DMA_READ            (Quantity.TIME,      0),
    DMA_READ_BANDWIDTH  (Quantity.BANDWIDTH, 1_000_000_000L),
    DMA_WRITE           (Quantity.TIME,      0),
    DMA_WRITE_BANDWIDTH (Quantity.BANDWIDTH, 1_000_000_000L),
    TRANSMIT            (Quantity.TIME,      0),
    RECEIVE             (Quantity.TIME,      0),
    PACKET_GAP          (Quantity.TIME,      0),
    COMPLETION          (Quantity.TIME,      0);
    // @formatter:on

    private final Quantity quantity;
    private final long low;

    CardCost(Quantity quantity, long low) {
        this.quantity = quantity;
        this.low = low;
    }

    Quantity quantity() {
        return quantity;
    }

    /** The least value, in the quantity's own unit. */
    long low() {
        return low;
    }
}
