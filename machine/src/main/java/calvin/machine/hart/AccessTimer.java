package calvin.machine.hart;

/**
 * Prices memory accesses at the {@code timed} fidelity. While a hart has one, none of its translations enters the TLB,
 * so that every access takes the slow path and is heard of.
 */
public interface AccessTimer {
    /**
     * A load, store or atomic of guest code is permitted and about to be done. What the hart has to wait for at once is
     * added to its cycle; the rest the timer keeps.
     *
     * @param kinds {@link Watches#READ}, {@link Watches#WRITE} or both
     * @param ram   not a device
     */
    void accessed(Hart hart, int kinds, long va, long pa, int bytes, boolean ram);

    /** A hosted kernel accesses RAM: the cycles that it waits beyond what the cost table says. */
    long kernelAccess(Hart hart, long pa, long bytes, boolean write);
}
