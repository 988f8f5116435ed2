package calvin.machine.hart;

/** Looks at a hart once in so many cycles. Observing changes nothing. */
public interface Sampler {
    /**
     * The hart is about to act. Called at least at the first boundary at which {@code hart.cycle} is not below what
     * the last call returned.
     *
     * @return the cycle at which to call again
     */
    long look(Hart hart);

    /** The hart has waited, and is awake now. */
    void woke(Hart hart);
}
