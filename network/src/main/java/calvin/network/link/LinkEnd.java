package calvin.network.link;

import calvin.sim.check.Check;
import calvin.sim.fault.Applied;
import calvin.sim.fault.Fault;
import calvin.sim.fault.FaultSeam;
import calvin.sim.state.Block;
import calvin.sim.state.Derived;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import calvin.sim.state.Struct;
import calvin.sim.trace.TraceKind;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameRouter;
import calvin.sim.wire.Port;
import java.util.ArrayList;
import java.util.List;

/**
 * The sending half of a link at one port: gives every frame its times and hands it to the receiving port's lane.
 *
 * <pre>
 *   start = max(timePs, end of the last occupancy)      first bit of the preamble leaves
 *   start + latency                                     it reaches the other port: Frame.arrivalPs
 *   start + framePs                                     last bit of the FCS has left (framePs is Frame.durationPs)
 *   start + occupancyPs                                 the gap is over, the next frame may start
 * </pre>
 *
 * <p>A frame that a fault drops takes the line's time, a sequence number and a place in the sender's capture like any
 * other; only the receiver never hears of it. Restoring state forgets the armed and the applied faults: arm them again
 * after a restore.
 *
 * <p>Owned by the sender's lane. A send allocates the {@link Frame} and nothing else. Left out: bit errors (the fault
 * seam knows drops only), pause frames and link training.
 */
public final class LinkEnd implements Port, Stateful, FaultSeam {
    static final Struct S = Struct.named("link_end");
    static final Struct.U64 FREE_AT = S.u64("free_at", "ps at which the next frame may start");
    static final Struct.U64 SEQUENCE = S.u64("sequence", "frames sent so far, the dropped ones included");
    static final Struct.U64 SENT_BYTES = S.u64("sent_bytes", "bytes of these frames without FCS");
    static final Struct.U64 BUSY_PS = S.u64("busy_ps", "ps for which frames and their gaps took the line");
    static final Struct.U64 DROPPED_FRAMES = S.u64("dropped_frames", "frames lost to faults");
    static final Struct.U64 DROPPED_BYTES = S.u64("dropped_bytes", "their bytes");

    static {
        S.endsAt(48);
    }

    private final int number;
    private final int peer;
    private final String name;
    private final LinkSpec spec;
    private final TraceSink trace;
    private final FrameTap tap;
    private final Block state = new Block(S.sizeBytes());
    /** Set once while the world is built. */
    @Derived(from = "the plan")
    private FrameRouter router;
    private final List<Fault.PacketDrop> armed = new ArrayList<>();
    private final List<Applied> applied = new ArrayList<>();

    /**
     * @param number this port's number in the experiment
     * @param peer   the number of the port at the other end
     * @param name   the port's path, for example {@code node0/port0}
     * @param tap    sees what the port sends, {@link FrameTap#NONE} for nobody
     */
    public LinkEnd(int number, int peer, String name, LinkSpec spec, TraceSink trace, FrameTap tap) {
        Check.that(spec.latencyPs() > 0, "link latency must be positive", spec.latencyPs());
        Check.that(spec.bandwidthBps() > 0, "link bandwidth must be positive", spec.bandwidthBps());
        this.number = number;
        this.peer = peer;
        this.name = name;
        this.spec = spec;
        this.trace = trace;
        this.tap = tap;
    }

    /** Says where frames go: the outbox of the lane that owns this port. Called once. */
    public void connect(FrameRouter value) {
        Check.that(router == null, "link end is connected twice", name);
        router = value;
    }

    /** The path of the port, for example {@code switch0/port3}. */
    public String name() {
        return name;
    }

    public LinkSpec spec() {
        return spec;
    }

    /** Number of the port at the other end. */
    public int peer() {
        return peer;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public long freeAtPs() {
        return FREE_AT.get(state, 0);
    }

    @Override
    public long durationPs(int frameBytes) {
        return spec.occupancyPs(frameBytes);
    }

    @Override
    public long send(long timePs, byte[] bytes, long origin) {
        Check.that(bytes.length <= LinkSpec.MAX_FRAME_BYTES, "frame is larger than any link takes", bytes.length);
        long start = Math.max(timePs, FREE_AT.get(state, 0));
        long framePs = spec.framePs(bytes.length);
        long occupancyPs = spec.occupancyPs(bytes.length);
        long sequence = SEQUENCE.get(state, 0);
        long name = origin == -1 ? Frame.origin(number, sequence) : origin;
        FREE_AT.set(state, 0, start + occupancyPs);
        SEQUENCE.set(state, 0, sequence + 1);
        SENT_BYTES.set(state, 0, SENT_BYTES.get(state, 0) + bytes.length);
        BUSY_PS.set(state, 0, BUSY_PS.get(state, 0) + occupancyPs);
        tap.frame(start, number, true, name, bytes);
        if (armed.isEmpty() || !dropped(start, sequence, name, bytes.length)) {
            router.route(new Frame(start + spec.latencyPs(), framePs, peer, number, sequence, name, bytes));
        }
        return start + framePs;
    }

    private boolean dropped(long startPs, long sequence, long origin, int frameBytes) {
        boolean hit = false;
        for (int i = 0; i < armed.size(); i++) {
            Fault.PacketDrop drop = armed.get(i);
            if (drop.ordinal() == sequence) {
                applied.add(new Applied(drop.id(), startPs, origin, -1));
                trace.record(TraceKind.FAULT_APPLIED, startPs, number, drop.id(), origin, -1);
                hit = true;
            }
        }
        if (hit) {
            DROPPED_FRAMES.set(state, 0, DROPPED_FRAMES.get(state, 0) + 1);
            DROPPED_BYTES.set(state, 0, DROPPED_BYTES.get(state, 0) + frameBytes);
            trace.record(TraceKind.FRAME_DROPPED, startPs, number, DropReason.FAULT.code(), origin, frameBytes);
        }
        return hit;
    }

    /** Frames sent so far, the dropped ones included; the next frame's ordinal. */
    public long sentFrames() {
        return SEQUENCE.get(state, 0);
    }

    /** Bytes of the frames sent so far, without preamble, FCS and gap. */
    public long sentBytes() {
        return SENT_BYTES.get(state, 0);
    }

    /** How long frames and the gaps behind them have taken the line. */
    public long busyPs() {
        return BUSY_PS.get(state, 0);
    }

    /** Frames that faults took off the wire. */
    public long droppedFrames() {
        return DROPPED_FRAMES.get(state, 0);
    }

    @Override
    public boolean owns(Fault fault) {
        return fault instanceof Fault.PacketDrop drop && drop.port() == number;
    }

    @Override
    public void arm(Fault fault) {
        Check.that(owns(fault), "fault belongs to another component", fault);
        armed.add((Fault.PacketDrop) fault);
    }

    @Override
    public List<Applied> applied() {
        return List.copyOf(applied);
    }

    @Override
    public String stateName() {
        return name + "/link";
    }

    @Override
    public void save(StateWriter out) {
        state.save(out);
    }

    @Override
    public void load(StateReader in) {
        state.load(in);
    }

    @Override
    public void dropDerived() {
        armed.clear();
        applied.clear();
    }
}
