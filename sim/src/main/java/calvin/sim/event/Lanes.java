package calvin.sim.event;

import calvin.sim.check.Check;
import calvin.sim.state.Derived;
import calvin.sim.time.SimTime;
import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameRouter;
import java.util.ArrayList;
import java.util.List;

/**
 * Advances the lanes of one process in windows of conservative length.
 *
 * <p>A frame takes at least {@code lookaheadPs} from one lane to another. So when nothing in the world happens before
 * time T, every lane may run to {@code T + lookaheadPs} without hearing from the others. Windows follow from the state
 * of the whole world, not from how it is divided: any number of threads and processes sees the same windows, and idle
 * time is skipped in one step.
 *
 * <p>Frames sent in a window wait in the sending lane's outbox (one lane, one writer) and are delivered between
 * windows; their place in the receiver's order comes from their key alone.
 */
public final class Lanes {
    private final List<Lane> lanes;
    private final Lane[] ownerOfPort;
    private final long lookaheadPs;
    private final LanePool pool;
    private final Peers peers;
    private final List<Outbox> outboxes = new ArrayList<>();
    private final List<Frame> remote = new ArrayList<>();
    @Derived(from = "the lanes of all processes")
    private long othersNextPs;
    @Derived(from = "the components of all processes")
    private long othersStatus = -1;

    /**
     * @param portCount   port numbers of the experiment are below this
     * @param lookaheadPs the smallest latency of any link between two lanes, greater than 0
     */
    public Lanes(List<Lane> lanes, int portCount, long lookaheadPs, LanePool pool, Peers peers) {
        Check.that(lookaheadPs > 0, "lookahead must be positive", lookaheadPs);
        this.lanes = List.copyOf(lanes);
        this.lookaheadPs = lookaheadPs;
        this.pool = pool;
        this.peers = peers;
        ownerOfPort = new Lane[portCount];
        for (Lane lane : lanes) {
            for (int port : lane.ports()) {
                Check.that(ownerOfPort[port] == null, "port has two owners", port);
                ownerOfPort[port] = lane;
            }
        }
    }

    /** The way for frames sent on one lane; give each lane its own. */
    public FrameRouter outbox() {
        Outbox outbox = new Outbox();
        outboxes.add(outbox);
        return outbox;
    }

    public List<Lane> all() {
        return lanes;
    }

    /** The earliest thing that happens in this process. */
    public long nextTimePs() {
        long next = SimTime.NEVER;
        for (int i = 0; i < lanes.size(); i++) {
            next = Math.min(next, lanes.get(i).nextTimePs());
        }
        return next;
    }

    /** Learns where the other processes stand. Call once before the first window and after a restore. */
    public void begin(long status) {
        exchange(status);
    }

    /** The earliest thing that happens anywhere. */
    public long worldNextPs() {
        return Math.min(nextTimePs(), othersNextPs);
    }

    /** The bitwise AND of the status the other processes gave last. */
    public long othersStatus() {
        return othersStatus;
    }

    /**
     * Runs one window, which ends at {@code endPs} at the latest. To run up to {@code endPs}, repeat until that is the
     * answer: {@link #worldNextPs()} may stay below it, since a processor leaves a slice that would cross the end.
     *
     * @param status computes this process's status after its lanes have run
     * @return the horizon that all lanes have reached
     */
    public long window(long endPs, Status status) {
        long horizon = Math.min(endPs, SimTime.plus(worldNextPs(), lookaheadPs));
        pool.runUntil(lanes, horizon);
        exchange(status.afterWindow(horizon));
        return horizon;
    }

    /** Tells the others, between windows, how this process stands. */
    public interface Status {
        long afterWindow(long horizonPs);
    }

    private void exchange(long status) {
        remote.clear();
        long next = SimTime.NEVER;
        for (int i = 0; i < outboxes.size(); i++) {
            List<Frame> frames = outboxes.get(i).frames;
            for (int j = 0; j < frames.size(); j++) {
                Frame frame = frames.get(j);
                Lane owner = ownerOfPort[frame.port()];
                if (owner != null) {
                    owner.accept(frame);
                } else {
                    remote.add(frame);
                    next = Math.min(next, frame.arrivalPs());
                }
            }
            frames.clear();
        }
        Peers.Answer answer = peers.exchange(remote, Math.min(next, nextTimePs()), status);
        for (Frame frame : answer.in()) {
            Lane owner = frame.port() >= 0 && frame.port() < ownerOfPort.length ? ownerOfPort[frame.port()] : null;
            Check.that(owner != null, "another process sent a frame for a port that is not here", frame.port());
            owner.accept(frame);
        }
        // What was just sent to them may come before anything they knew of.
        othersNextPs = Math.min(answer.nextPs(), next);
        othersStatus = answer.status();
    }

    /**
     * Frames sent by one lane in the current window. Owned by that lane while it runs, by {@link Lanes} between
     * windows.
     */
    private static final class Outbox implements FrameRouter {
        private final List<Frame> frames = new ArrayList<>();

        @Override
        public void route(Frame frame) {
            frames.add(frame);
        }
    }
}
