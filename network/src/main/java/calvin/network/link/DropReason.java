package calvin.network.link;

/**
 * Why a network lost a frame: the first argument of {@link calvin.sim.trace.TraceKind#FRAME_DROPPED} by its
 * {@link #code()}.
 */
public enum DropReason {
    /** An injected {@link calvin.sim.fault.Fault.PacketDrop} took it off the wire. */
    FAULT(1),
    /** The queue of the switch's outgoing port had no room. */
    QUEUE_FULL(2),
    /** The switch would have had to send it back through the port it came from. */
    SAME_PORT(3),
    /** Shorter than an Ethernet header. */
    RUNT(4);

    private final int code;

    DropReason(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
