package calvin.machine.nic.verbs;

import calvin.machine.nic.roce.PacketWriter;
import calvin.sim.state.Block;
import calvin.sim.trace.TraceKind;
import calvin.sim.wire.Frame;
import calvin.sim.wire.Port;

/** The card's way out: its port, or the loop back for frames to the card itself. */
final class Line {
    /**
     * Sequences of looped frames have this bit in their origin, so that they never share a name with a frame of the
     * port.
     */
    static final long LOOPED = 1L << (Frame.ORIGIN_PORT_SHIFT - 1);

    private final CardState state;
    private final Block block;
    private final Pipes pipes;
    private final Port port;
    private final long mac;
    private final PacketWriter writer;

    Line(CardState state, Pipes pipes, Port port, long mac, PacketWriter writer) {
        this.state = state;
        this.block = state.block;
        this.pipes = pipes;
        this.port = port;
        this.mac = mac;
        this.writer = writer;
    }

    PacketWriter writer() {
        return writer;
    }

    /** The next IPv4 identification. */
    int nextIpId() {
        long id = CardStruct.IP_ID.get(block, 0);
        CardStruct.IP_ID.set(block, 0, id + 1 & 0xFFFF);
        return (int) id;
    }

    /** When a frame to {@code toMac} could leave, if not now: later than {@code nowPs} while the port is busy. */
    long freePs(long nowPs, long toMac) {
        return toMac == mac ? nowPs : Math.max(nowPs, port.freeAtPs());
    }

    /** Sends a frame whose first bit leaves now. */
    void send(long nowPs, long toMac, byte[] frame, long workKey) {
        boolean loop = toMac == mac;
        long sequence = loop ? CardStruct.FRAMES_LOOPED.get(block, 0) : CardStruct.FRAMES_SENT.get(block, 0);
        long origin = Frame.origin(port.number(), loop ? LOOPED | sequence : sequence);
        pipes.record(TraceKind.FRAME_SENT, nowPs, workKey, origin, frame.length);
        if (loop) {
            CardStruct.FRAMES_LOOPED.set(block, 0, sequence + 1);
            state.count(Counter.FRAMES_LOOPED);
            pipes.at(nowPs + state.spec.loopbackPs() + port.durationPs(frame.length), Pipes.RECEIVE, origin, 0, frame);
            return;
        }
        CardStruct.FRAMES_SENT.set(block, 0, sequence + 1);
        state.count(Counter.FRAMES_SENT);
        state.add(Counter.BYTES_SENT, frame.length);
        port.send(nowPs, frame, -1);
    }
}
