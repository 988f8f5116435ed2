package calvin.network.link;

/** Sees the frames that pass a port, without effect on them. Called on the lane that owns the port. */
public interface FrameTap {
    /**
     * @param timePs   when the first bit leaves (outbound) or arrives (inbound); of one port and direction never
     *                 decreasing, but an outbound frame may lie in the lane's future when it has to wait for the line
     * @param port     the observed port's number in the experiment
     * @param outbound whether the port sends it
     * @param origin   as in {@link calvin.sim.wire.Frame#origin()}
     * @param bytes    the frame; never changed after sending, so it may be kept
     */
    void frame(long timePs, int port, boolean outbound, long origin, byte[] bytes);

    FrameTap NONE = (timePs, port, outbound, origin, bytes) -> {
    };
}
