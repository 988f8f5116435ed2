package calvin.machine.nic.verbs;

import calvin.machine.bus.Dma;
import calvin.machine.nic.roce.DropReason;
import calvin.machine.nic.roce.Icrc;
import calvin.machine.nic.roce.Packet;
import calvin.machine.nic.roce.PacketWriter;
import calvin.machine.nic.roce.RcOpcode;
import calvin.sim.check.Check;
import calvin.sim.event.EventQueue;
import calvin.sim.event.EventTarget;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.trace.TraceKind;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameSink;
import calvin.sim.wire.Port;

/**
 * The card behind its registers. A message's way, with the events that carry it:
 *
 * <pre>
 * store -DOORBELL-> wake -WORK-> PacketMaker -TRANSMIT-> Line ~~~ wire ~~~ -RECEIVE-> Responder -LAND-> memory, CQ
 *                                                                                     Responder -REPLY-> Line ~~~
 *                                               CQ entry <-DRAIN- Requester <-RECEIVE- ~~~ wire ~~~
 * </pre>
 *
 * A small message costs seven events in the two cards together, each O(log n) in the lane's pending events. Nothing
 * is allocated but one byte array for each frame.
 */
public final class VerbsEngine implements EventTarget, FrameSink {
    public static final int UAR_PAGES = 256;
    public static final int MAX_INLINE_BYTES = WorkStruct.MAX_INLINE_BYTES;
    public static final int MAX_MTU = CardState.MAX_MTU;

    private final CardState state;
    private final Block block;
    private final long mac;
    private final int ipv4;
    private final Icrc icrc = new Icrc();
    private final Pipes pipes;
    private final SendScheduler scheduler;
    private final Pairs pairs;
    private final Drain drain;
    private final Requester requester;
    private final ReceiveQueue receives;
    private final Landings landings;
    private final Replies replies;
    private final Responder responder;
    private final Commands commands;

    /**
     * @param mac  48 bits, first octet in bits 47..40
     * @param ipv4 host order
     */
    public VerbsEngine(CardSpec spec, long mac, int ipv4, Dma dma, EventQueue queue, Port port, TraceSink trace) {
        this.mac = mac;
        this.ipv4 = ipv4;
        state = new CardState(spec);
        block = state.block;
        pipes = new Pipes(state, queue, port, trace);
        Line line = new Line(state, pipes, port, mac, new PacketWriter(mac, ipv4, icrc));
        Regions regions = new Regions(state);
        scheduler = new SendScheduler(state, pipes, dma);
        pairs = new Pairs(state, pipes, scheduler);
        Completions completions = new Completions(state, pipes, pairs, dma);
        drain = new Drain(state, pairs, scheduler, completions, dma);
        PacketMaker maker = new PacketMaker(state, pipes, scheduler, regions, dma, line);
        requester = new Requester(state, pipes, pairs, scheduler, maker, line);
        receives = new ReceiveQueue(state, pipes, pairs, dma);
        landings = new Landings(state, pipes, pairs, regions, completions, dma);
        replies = new Replies(state, pipes, pairs, line);
        responder = new Responder(state, pipes, pairs, regions, receives, landings, replies);
        commands = new Commands(state, pairs, scheduler, regions, receives, dma);
    }

    /** Tells the engine by which number events of its lane name it. Once, before anything else. */
    public void attach(int targetInLane) {
        pipes.attach(targetInLane);
    }

    public long argument(int index) {
        return CardStruct.ARGUMENTS.get(block, 0, index);
    }

    public void argument(int index, long value) {
        CardStruct.ARGUMENTS.set(block, 0, index, value);
    }

    /** Executes a command on the arguments; its results can be read when this returns. */
    public void command(long timePs, int opcode) {
        long nowPs = pipes.notBeforeNow(timePs);
        commands.execute(nowPs, opcode);
        requester.pump(nowPs);
    }

    public int status() {
        return (int) CardStruct.STATUS.get(block, 0);
    }

    public long result() {
        return CardStruct.RESULT.get(block, 0);
    }

    /** A store to SQ_DOORBELL of a user access page, by a hart whose time is {@code timePs}. */
    public void ring(long timePs, int uar, long value) {
        long key = value - 1 & 0xFFFF_FFFFL | value & 0xFFFF_FFFF_0000_0000L;
        pipes.record(TraceKind.DOORBELL_RUNG, timePs, key, 0, 0);
        pipes.at(timePs + state.spec.doorbellPs(), Pipes.DOORBELL, value, uar, null);
    }

    /** A store to CQ_ARM: reserved for completion events, so counted only. */
    public void arm() {
        state.count(Counter.CQ_ARMS);
    }

    public long counter(Counter counter) {
        return CardStruct.COUNTERS.get(block, 0, counter.ordinal());
    }

    /** Frames dropped for one reason. */
    public long dropped(DropReason reason) {
        return CardStruct.DROPS.get(block, 0, reason.ordinal());
    }

    @Override
    public void onEvent(long timePs, int kind, long a, long b, byte[] payload) {
        switch (kind) {
            case Pipes.DOORBELL -> requester.onDoorbell(timePs, a, (int) b);
            case Pipes.WORK -> scheduler.onWork(timePs, (int) a, b);
            case Pipes.TRANSMIT -> requester.onTransmit(timePs, (int) a, b, payload);
            case Pipes.RECEIVE -> onReceive(timePs, a, payload);
            case Pipes.LAND -> landings.onLand(timePs, (int) a, b, payload);
            case Pipes.REPLY -> replies.onReply(timePs, (int) a, b);
            case Pipes.DRAIN -> drain.onDrain(timePs, (int) a, b);
            case Pipes.ACK_TIMER -> requester.onAckTimer(timePs, (int) a, b);
            case Pipes.RNR_TIMER -> requester.onRnrTimer((int) a, b);
            case Pipes.REFRESH -> receives.onRefresh(timePs, (int) a, b);
            default -> throw Check.unreachable("event of no kind of the card");
        }
        requester.pump(timePs);
    }

    /** The first bit of a frame is here; the card looks at it when the last one is. */
    @Override
    public void onFrame(Frame frame) {
        pipes.at(frame.arrivalPs() + frame.durationPs(), Pipes.RECEIVE, frame.origin(), 0, frame.bytes());
    }

    private void onReceive(long nowPs, long origin, byte[] frame) {
        state.count(Counter.FRAMES_RECEIVED);
        state.add(Counter.BYTES_RECEIVED, frame.length);
        pipes.record(TraceKind.FRAME_RECEIVED, nowPs, 0, origin, frame.length);
        DropReason flaw = frame.length < Packet.IP_AT || Packet.destinationMac(frame) != mac
                ? DropReason.NOT_FOR_US
                : Packet.flaw(frame, icrc);
        if (flaw == null && Packet.destinationIp(frame) != ipv4) {
            flaw = DropReason.NOT_FOR_US;
        }
        if (flaw == null) {
            flaw = dispatch(nowPs, origin, frame);
        }
        if (flaw != null) {
            pipes.dropped(nowPs, flaw, origin, frame);
        }
    }

    /** Gives a sound packet to its queue pair; why not, where it cannot. */
    private DropReason dispatch(long nowPs, long origin, byte[] frame) {
        RcOpcode opcode = RcOpcode.of(Packet.opcode(frame));
        if (opcode == null) {
            return DropReason.UNKNOWN_OPCODE;
        }
        if (Packet.payloadBytes(frame, opcode) < 0) {
            return DropReason.BAD_LENGTH;
        }
        int pair = state.findPair(Packet.destinationQp(frame));
        if (pair < 0) {
            return DropReason.NO_QUEUE_PAIR;
        }
        boolean reply = opcode.kind() == RcOpcode.Kind.REPLY;
        int pairState = pairs.state(pair);
        if (reply ? !PairState.sends(pairState) : !PairState.receives(pairState)) {
            return DropReason.WRONG_STATE;
        }
        if (Packet.sourceIp(frame) != (int) PairStruct.PEER_IP.get(block, pairs.at(pair))) {
            return DropReason.WRONG_PEER;
        }
        if (reply) {
            requester.onReply(nowPs, pair, frame, origin);
        } else {
            responder.onRequest(nowPs, pair, opcode, frame, origin);
        }
        return null;
    }

    /** Power-on state. Frames and events still under way find nobody. */
    public void reset() {
        state.reset();
    }

    public void save(StateWriter out) {
        state.save(out);
    }

    public void load(StateReader in) {
        state.load(in);
    }
}
