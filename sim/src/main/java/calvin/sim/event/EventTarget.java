package calvin.sim.event;

/** What an event acts on: numbered within its lane, so that events are data. */
public interface EventTarget {
    /**
     * @param timePs  the event's time, which is now
     * @param kind    the target's own code for what happens
     * @param a       first argument
     * @param b       second argument
     * @param payload bytes that belong to the event, or null; not changed by anyone
     */
    void onEvent(long timePs, int kind, long a, long b, byte[] payload);
}
