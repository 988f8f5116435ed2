package calvin.sim.wire;

/** Takes a frame from the sending half of a link towards the lane that owns the receiving port. */
public interface FrameRouter {
    void route(Frame frame);
}
