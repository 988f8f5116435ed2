package calvin.experiment.spec;

import calvin.experiment.input.Quantity;

/** Costs of the RDMA card that a node class may set, as written under {@code card}. */
enum CardCost {
    // @formatter:off
    DOORBELL_LATENCY(Quantity.TIME, 0);
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

    long low() {
        return low;
    }
}
