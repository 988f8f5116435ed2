package calvin.sim.wire;

/**
 * Receives the frames that reach a port. Called on the receiver's lane at {@link Frame#arrivalPs()}, the time of the
 * first bit.
 */
public interface FrameSink {
    void onFrame(Frame frame);
}
