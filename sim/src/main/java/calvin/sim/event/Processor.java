package calvin.sim.event;

/**
 * Something on a lane that advances by itself between events: the harts of a machine. It runs up to the lane's next
 * event, which {@link #run} reads from the queue again after every step that may have armed an earlier one.
 */
public interface Processor {
    /**
     * When it would do something next if no event came: its own time while it is busy, {@code NEVER} while all its
     * harts wait.
     */
    long nextTimePs();

    /**
     * Advances until its own time is not before the next event of {@code queue} or {@code horizonPs}, or it waits. What
     * it does must not depend on {@code horizonPs}, only how far it gets: a processor that works in indivisible slices
     * leaves a slice that would cross the horizon for the next call.
     *
     * @return whether it did anything; false when the next slice does not fit before the horizon
     */
    boolean run(EventQueue queue, long horizonPs);
}
