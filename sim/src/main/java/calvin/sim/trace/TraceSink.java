package calvin.sim.trace;

/** Takes trace records of one lane, in the order in which they happen there. Observing changes nothing in the world. */
public interface TraceSink {
    /**
     * @param component the port number for cards and switches, the node number otherwise
     */
    void record(TraceKind kind, long timePs, int component, long a, long b, long c);

    TraceSink NONE = (kind, timePs, component, a, b, c) -> {
    };
}
