package calvin.network.node;

import calvin.network.link.DropReason;
import calvin.network.link.FrameTap;
import calvin.network.link.LinkEnd;
import calvin.network.topo.Forwarding;
import calvin.network.topo.SwitchSpec;
import calvin.sim.check.Check;
import calvin.sim.event.EventQueue;
import calvin.sim.event.EventTarget;
import calvin.sim.event.Lane;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import calvin.sim.state.Struct;
import calvin.sim.trace.TraceKind;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameSink;

/**
 * An output-queued Ethernet switch with static tables.
 *
 * <pre>
 *   first bit in ──► look-up ──► READY ──► line free: send
 *                                  └─────► else the port's queue, a SEND event at the time the line becomes free for it
 * </pre>
 *
 * <p>READY is {@code forwardingPs} after the first bit (cut-through) or the last (store-and-forward). A cut-through
 * frame that leaves faster than it came would run dry on the line, so it waits until its last bit is sure to be there
 * in time. Frames enter a port's queue in the order of READY, of one time by incoming port. A frame that finds no room
 * in the queue is lost (drop-tail).
 *
 * <p>Waiting frames are events of the lane, whose queue saves them; counters and promises of the lines are this
 * switch's state.
 *
 * <p>Cost of a hop: three heap operations (arrival, READY, and SEND only under congestion), no allocation but the
 * outgoing {@link Frame}.
 *
 * <p>Left out: address learning, VLANs, ECN marks, pause frames (802.1Qbb) and buffers shared between ports.
 */
public final class Switch implements EventTarget, FrameSink, Stateful {
    static final Struct S = Struct.named("switch");
    static final Struct.U64 EVENTS = S.u64("events", "events made so far: the sequence of the next one");

    static final Struct P = Struct.named("switch_port");
    static final Struct.U64 LINE_FREE = P.u64("line_free", "ps at which the line is free of all frames taken so far");
    static final Struct.U64 QUEUED_BYTES = P.u64("queued_bytes", "bytes of the frames that wait");
    static final Struct.U64 QUEUED_MOST = P.u64("queued_most", "largest value of queued_bytes so far");
    static final Struct.U64 RECEIVED_FRAMES = P.u64("received_frames", "frames that came in here");
    static final Struct.U64 RECEIVED_BYTES = P.u64("received_bytes", "their bytes without FCS");
    static final Struct.U64 LOST_FRAMES = P.u64("lost_frames", "frames that found no room on their way out here");
    static final Struct.U64 LOST_BYTES = P.u64("lost_bytes", "their bytes without FCS");
    static final Struct.U64 REFUSED_FRAMES = P.u64("refused_frames", "frames that came in here and have no way out");

    static {
        S.endsAt(8);
        P.endsAt(64);
    }

    /**
     * Events of one time: first those that leave, by outgoing port, so that they make room; then those that come, by
     * incoming port. The source says so: SEND has the outgoing port's index, READY the incoming port's behind them.
     *
     * <p>Codes of {@link #onEvent}; argument a is the frame's origin, b the index of the outgoing port, the payload its
     * bytes.
     */
    private static final int READY = 0;
    private static final int SEND = 1;

    private static final int ETHERNET_HEADER_BYTES = 14;
    private static final long GROUP_BIT = 1L << 40;

    private final String name;
    private final EventQueue queue;
    private final int target;
    private final SwitchSpec spec;
    private final Forwarding.Table table;
    private final LinkEnd[] ports;
    private final FrameTap[] taps;
    private final int firstPort;
    private final TraceSink trace;
    private final Block state;

    /**
     * Puts a switch on its lane: registers its ports, and itself and its link ends as parts of the lane's state.
     *
     * @param ports sending halves, numbered consecutively
     * @param taps  see what the port of the same index receives
     */
    public Switch(String name, Lane lane, SwitchSpec spec, Forwarding.Table table, LinkEnd[] ports, FrameTap[] taps,
            TraceSink trace) {
        Check.that(ports.length == table.ports() && ports.length == taps.length, "ports and table differ",
                ports.length);
        this.name = name;
        this.queue = lane.queue();
        this.spec = spec;
        this.table = table;
        this.ports = ports.clone();
        this.taps = taps.clone();
        this.trace = trace;
        firstPort = ports.length == 0 ? 0 : ports[0].number();
        state = new Block(S.sizeBytes() + ports.length * P.sizeBytes());
        target = lane.addTarget(this);
        lane.addPart(this);
        for (int i = 0; i < ports.length; i++) {
            Check.that(ports[i].number() == firstPort + i, "ports of a switch must be consecutive", ports[i].number());
            lane.addPort(ports[i].number(), this);
            lane.addPart(ports[i]);
        }
    }

    private static long portAt(int index) {
        return S.sizeBytes() + (long) index * P.sizeBytes();
    }

    @Override
    public void onFrame(Frame frame) {
        int in = frame.port() - firstPort;
        int bytes = frame.bytes().length;
        add(RECEIVED_FRAMES, in, 1);
        add(RECEIVED_BYTES, in, bytes);
        taps[in].frame(frame.arrivalPs(), frame.port(), false, frame.origin(), frame.bytes());
        trace.record(TraceKind.SWITCH_RECEIVED, frame.arrivalPs(), frame.port(), 0, frame.origin(), bytes);
        if (bytes < ETHERNET_HEADER_BYTES) {
            refuse(frame, in, DropReason.RUNT);
            return;
        }
        long destination = destination(frame.bytes());
        int out = (destination & GROUP_BIT) != 0 ? Forwarding.Table.UNKNOWN : table.portFor(destination);
        if (out == in) {
            refuse(frame, in, DropReason.SAME_PORT);
        } else if (out != Forwarding.Table.UNKNOWN) {
            forward(frame, out);
        } else {
            for (int i = 0; i < ports.length; i++) {
                if (i != in && table.floods(i)) {
                    forward(frame, i);
                }
            }
        }
    }

    private void refuse(Frame frame, int in, DropReason reason) {
        add(REFUSED_FRAMES, in, 1);
        trace.record(TraceKind.FRAME_DROPPED, frame.arrivalPs(), frame.port(), reason.code(), frame.origin(),
                frame.bytes().length);
    }

    private void forward(Frame frame, int out) {
        long wait = spec.storeAndForward()
                ? frame.durationPs()
                : Math.max(0, frame.durationPs() - ports[out].spec().framePs(frame.bytes().length));
        int source = ports.length + frame.port() - firstPort;
        push(frame.arrivalPs() + wait + spec.forwardingPs(), source, READY, frame.origin(), out, frame.bytes());
    }

    @Override
    public void onEvent(long timePs, int kind, long origin, long out, byte[] bytes) {
        int port = (int) out;
        if (kind == READY) {
            ready(timePs, origin, port, bytes);
        } else {
            QUEUED_BYTES.set(state, portAt(port), QUEUED_BYTES.get(state, portAt(port)) - bytes.length);
            send(timePs, origin, port, bytes);
        }
    }

    private void ready(long timePs, long origin, int port, byte[] bytes) {
        long at = portAt(port);
        long start = Math.max(timePs, LINE_FREE.get(state, at));
        if (start > timePs) {
            long queued = QUEUED_BYTES.get(state, at) + bytes.length;
            if (queued > spec.bufferBytes()) {
                add(LOST_FRAMES, port, 1);
                add(LOST_BYTES, port, bytes.length);
                trace.record(TraceKind.FRAME_DROPPED, timePs, firstPort + port, DropReason.QUEUE_FULL.code(), origin,
                        bytes.length);
                return;
            }
            QUEUED_BYTES.set(state, at, queued);
            QUEUED_MOST.set(state, at, Math.max(queued, QUEUED_MOST.get(state, at)));
        }
        LINE_FREE.set(state, at, start + ports[port].durationPs(bytes.length));
        if (start > timePs) {
            push(start, port, SEND, origin, port, bytes);
        } else {
            send(timePs, origin, port, bytes);
        }
    }

    private void send(long timePs, long origin, int port, byte[] bytes) {
        long freeAtPs = ports[port].freeAtPs();
        Check.that(freeAtPs <= timePs, "the line is not free when its frame comes", freeAtPs, timePs);
        trace.record(TraceKind.SWITCH_SENT, timePs, firstPort + port, 0, origin, bytes.length);
        ports[port].send(timePs, bytes, origin);
    }

    private void push(long timePs, int source, int kind, long origin, int out, byte[] bytes) {
        long sequence = EVENTS.get(state, 0);
        EVENTS.set(state, 0, sequence + 1);
        queue.push(timePs, EventQueue.RANK_DEVICE, source, sequence, target, kind, origin, out, bytes);
    }

    private void add(Struct.U64 counter, int port, long value) {
        counter.set(state, portAt(port), counter.get(state, portAt(port)) + value);
    }

    private static long destination(byte[] frame) {
        long mac = 0;
        for (int i = 0; i < 6; i++) {
            mac = mac << 8 | frame[i] & 0xFF;
        }
        return mac;
    }

    /** The counters of port {@code index}. */
    public Counters counters(int index) {
        long at = portAt(index);
        return new Counters(RECEIVED_FRAMES.get(state, at), RECEIVED_BYTES.get(state, at), LOST_FRAMES.get(state, at),
                LOST_BYTES.get(state, at), REFUSED_FRAMES.get(state, at), QUEUED_BYTES.get(state, at),
                QUEUED_MOST.get(state, at));
    }

    /**
     * What a port has seen.
     *
     * @param receivedFrames frames that came in here
     * @param receivedBytes  their bytes without FCS
     * @param lostFrames     frames that found no room in the queue of this port on their way out
     * @param lostBytes      their bytes
     * @param refusedFrames  frames that came in here and have no way out
     * @param queuedBytes    what waits now to leave here
     * @param queuedMostBytes the most that ever waited
     */
    public record Counters(long receivedFrames, long receivedBytes, long lostFrames, long lostBytes, long refusedFrames,
            long queuedBytes, long queuedMostBytes) {}

    /** The sending half at port {@code index}, with its own counters. */
    public LinkEnd port(int index) {
        return ports[index];
    }

    public int ports() {
        return ports.length;
    }

    @Override
    public String stateName() {
        return name + "/switch";
    }

    @Override
    public void save(StateWriter out) {
        state.save(out);
    }

    @Override
    public void load(StateReader in) {
        state.load(in);
    }
}
