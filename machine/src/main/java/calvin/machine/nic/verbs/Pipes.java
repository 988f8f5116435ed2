package calvin.machine.nic.verbs;

import calvin.machine.nic.roce.DropReason;
import calvin.sim.check.Check;
import calvin.sim.event.EventQueue;
import calvin.sim.state.Block;
import calvin.sim.state.Derived;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceKind;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Port;

/**
 * Where time passes in the card: first-in first-out channels that each are busy until a time kept in the {@link
 * CardStruct}, and the card's events. A channel's latency is pipelined; only bytes (or packet gaps) occupy it.
 */
final class Pipes {
    // Kinds of events. a is a pool index and b its generation except where noted.
    /** a = doorbell value, b = user access page. */
    static final int DOORBELL = 1;
    /** An SQ entry has been fetched. */
    static final int WORK = 2;
    /** A request packet may leave; the payload is its frame. */
    static final int TRANSMIT = 3;
    /** The last bit of a frame is in. a = origin; the payload is the frame. */
    static final int RECEIVE = 4;
    /** A write reaches memory; the payload is the frame its bytes are in. */
    static final int LAND = 5;
    /** An ACK or NAK may leave. */
    static final int REPLY = 6;
    /** The send queue's next completion, or the next entry to flush. */
    static final int DRAIN = 7;
    static final int ACK_TIMER = 8;
    static final int RNR_TIMER = 9;
    /** An RQ doorbell record has been read. */
    static final int REFRESH = 10;

    /** Request packets order behind replies of the same time; each keeps its sequence while it waits for the port. */
    private static final long BEHIND_REPLIES = 1L << 62;
    private static final int PS_DIGITS = 1_000_000;

    private final CardSpec spec;
    private final Block block;
    private final CardState state;
    private final EventQueue queue;
    private final Port port;
    private final TraceSink trace;
    /** The card's number among its lane's event targets; set once while the world is built. */
    @Derived(from = "the plan")
    private int target = -1;

    Pipes(CardState state, EventQueue queue, Port port, TraceSink trace) {
        this.spec = state.spec;
        this.block = state.block;
        this.state = state;
        this.queue = queue;
        this.port = port;
        this.trace = trace;
    }

    void attach(int targetInLane) {
        Check.that(target == -1, "card has two targets", target, targetInLane);
        target = targetInLane;
    }

    /** A hart's time, or the lane's where that is later. */
    long notBeforeNow(long timePs) {
        return Math.max(timePs, queue.nowPs());
    }

    /** Arms an event; a time in the lane's past becomes now. */
    void at(long timePs, int kind, long a, long b, byte[] payload) {
        queue.push(Math.max(timePs, queue.nowPs()), EventQueue.RANK_DEVICE, target, nextSequence(), target, kind, a, b,
                payload);
    }

    /** Arms a request packet's departure; {@code sequence} keeps packets in order when they are put off. */
    void transmitAt(long timePs, int transmission, long generation, byte[] frame) {
        // The generation is older for older packets, so it is the packets' order too.
        queue.push(timePs, EventQueue.RANK_DEVICE, target, BEHIND_REPLIES | generation, target, TRANSMIT, transmission,
                generation, frame);
    }

    private long nextSequence() {
        long sequence = CardStruct.SEQUENCE.get(block, 0);
        CardStruct.SEQUENCE.set(block, 0, sequence + 1);
        return sequence;
    }

    void record(TraceKind kind, long timePs, long a, long b, long c) {
        trace.record(kind, timePs, port.number(), a, b, c);
    }

    void dropped(long timePs, DropReason reason, long origin, byte[] frame) {
        state.countDrop(reason);
        record(TraceKind.FRAME_DROPPED, timePs, reason.ordinal(), origin, frame.length);
    }

    /** When {@code bytes} asked for now by a DMA read are in the card. */
    long readDone(long timePs, int bytes) {
        long end = Math.max(timePs, CardStruct.READ_FREE.get(block, 0)) + span(bytes, spec.dmaReadBps());
        CardStruct.READ_FREE.set(block, 0, end);
        return end + spec.dmaReadPs();
    }

    /**
     * When {@code bytes} given to a DMA write at {@code timePs} are visible in memory. Later writes are never visible
     * earlier.
     */
    long writeDone(long timePs, int bytes) {
        long end = Math.max(timePs, CardStruct.WRITE_FREE.get(block, 0)) + span(bytes, spec.dmaWriteBps());
        CardStruct.WRITE_FREE.set(block, 0, end);
        return end + spec.dmaWritePs();
    }

    /**
     * When a completion entry made at {@code timePs} is visible; never before what {@link #writeDone} was asked for
     * earlier.
     */
    long completionDone(long timePs) {
        return writeDone(timePs, CompletionStruct.BYTES) + spec.completionPs();
    }

    /** Plans the departure of a packet whose bytes are in the card at {@code readyPs}. */
    long departure(long readyPs, int frameBytes) {
        long start = Math.max(readyPs + spec.transmitPs(), CardStruct.TRANSMIT_FREE.get(block, 0));
        start = Math.max(start, port.freeAtPs());
        CardStruct.TRANSMIT_FREE.set(block, 0, start + Math.max(port.durationPs(frameBytes), spec.packetGapPs()));
        return start;
    }

    /**
     * Takes a packet into the receive pipeline and keeps the pipeline busy for {@code extraPs} more; when the packet
     * leaves it.
     */
    long received(long timePs, long extraPs) {
        long start = Math.max(timePs, CardStruct.RECEIVE_FREE.get(block, 0));
        CardStruct.RECEIVE_FREE.set(block, 0, start + spec.packetGapPs() + extraPs);
        return start + extraPs + spec.receivePs();
    }

    /** Bytes at a rate, rounded up to a picosecond. */
    private static long span(int bytes, long bytesPerSecond) {
        // 10^12 ps/s split in two factors, so that no length overflows.
        long rate = bytesPerSecond / PS_DIGITS;
        return (bytes * (SimTime.PS_PER_S / PS_DIGITS) + rate - 1) / rate;
    }
}
