package calvin.experiment.trace;

/** Where the time of a message goes, in the order of its way. */
public enum Stage {
    // @formatter:off
    SOFTWARE  ("from the completion before it at the sender to its doorbell"),
    DOORBELL  ("from the store to the card's seeing it"),
    DMA       ("fetching the work request and the payload, until the first bit leaves"),
    WIRE      ("on links: latency, and the frame's bits passing"),
    SWITCH    ("in switches, from first bit in to first bit out"),
    COMPLETION("from the last bit at the receiver to the completion entry in its memory");
    // @formatter:on

    private final String meaning;

    Stage(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }
}
