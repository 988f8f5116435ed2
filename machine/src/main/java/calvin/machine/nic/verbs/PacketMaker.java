package calvin.machine.nic.verbs;

import calvin.machine.bus.Dma;
import calvin.machine.nic.roce.Packet;
import calvin.machine.nic.roce.PacketWriter;
import calvin.machine.nic.roce.RcOpcode;
import calvin.sim.check.Check;
import calvin.sim.state.Block;

/**
 * Makes the packet at a queue pair's cursor: checks the SQ entry, begins its message, gathers the payload, moves the
 * cursor. What is sent again is made again from the SQ entry and memory, as software must leave both alone until the
 * completion.
 */
final class PacketMaker {
    /** What came of an attempt. */
    enum Outcome {
        MADE, STUCK
    }

    /** At least every so many packets one asks for an ACK. */
    private static final int ACK_EVERY = 64;
    /**
     * Packets of a message: its PSNs and those of the window before it stay within half the PSN space. Binds for an
     * MTU of 256 only.
     */
    private static final long MAX_PACKETS = 1L << 22;

    private final CardState state;
    private final Block block;
    private final Pipes pipes;
    private final SendScheduler scheduler;
    private final Regions regions;
    private final Dma dma;
    private final Line line;

    PacketMaker(CardState state, Pipes pipes, SendScheduler scheduler, Regions regions, Dma dma, Line line) {
        this.state = state;
        this.block = state.block;
        this.pipes = pipes;
        this.scheduler = scheduler;
        this.regions = regions;
        this.dma = dma;
        this.line = line;
    }

    Outcome make(long nowPs, int pair) {
        long at = state.pairs.at(pair);
        long entry = state.slots.at((int) PairStruct.WORK_HEAD.get(block, at) - 1) + SlotStruct.ENTRY_AT;
        int message = (int) PairStruct.CURSOR_MESSAGE.get(block, at) - 1;
        if (message < 0) {
            int status = check(at, entry);
            if (status != Status.SUCCESS) {
                return stuck(at, status);
            }
            // The scheduler offers nobody without room for a message.
            message = begin(at, entry);
        }
        long messageAt = state.messages.at(message);
        int opcode = WorkStruct.OPCODE.get(block, entry);
        long length = MessageStruct.LENGTH.get(block, messageAt);
        if (opcode != MessageStruct.OPCODE.get(block, messageAt) || WorkStruct.messageBytes(block, entry) != length) {
            // ours: software has changed an entry that is still being sent.
            return stuck(at, Status.LOC_QP_OP_ERR);
        }
        int psn = (int) PairStruct.CURSOR_PSN.get(block, at);
        int mtu = (int) PairStruct.MTU.get(block, at);
        int ordinal = psn - (int) MessageStruct.FIRST_PSN.get(block, messageAt) & Packet.PSN_MASK;
        long offset = (long) ordinal * mtu;
        int payload = (int) Math.min(mtu, length - offset);
        boolean last = psn == MessageStruct.LAST_PSN.get(block, messageAt);
        byte[] frame = frame(at, entry, ordinal == 0, last, psn, payload, (int) length);
        if (!gather(at, entry, offset, payload, frame, opcodeOf(opcode, ordinal == 0, last))) {
            return stuck(at, Status.LOC_PROT_ERR);
        }
        line.writer().seal(frame);
        transmit(nowPs, pair, at, frame, payload, WorkStruct.inline(block, entry));
        advance(pair, at, messageAt, psn, last);
        return Outcome.MADE;
    }

    private Outcome stuck(long at, int status) {
        PairStruct.STUCK_STATUS.set(block, at, status);
        return Outcome.STUCK;
    }

    /** What is wrong with an SQ entry. */
    private int check(long at, long entry) {
        int domain = (int) PairStruct.DOMAIN.get(block, at);
        int segments = WorkStruct.SEGMENTS.get(block, entry);
        boolean inline = WorkStruct.inline(block, entry);
        if (WorkStruct.OPCODE.get(block, entry) > WorkStruct.SEND_IMMEDIATE
                || !inline && segments > WorkStruct.MAX_SEGMENTS) {
            return Status.LOC_QP_OP_ERR;
        }
        long most = Math.min(WorkStruct.MAX_MESSAGE_BYTES, PairStruct.MTU.get(block, at) * MAX_PACKETS);
        if (WorkStruct.messageBytes(block, entry) > (inline ? WorkStruct.MAX_INLINE_BYTES : most)) {
            return Status.LOC_LEN_ERR;
        }
        for (int i = 0; !inline && i < segments; i++) {
            long bytes = WorkStruct.segmentBytes(block, entry, i);
            if (bytes > 0 && regions.translate(WorkStruct.segmentKey(block, entry, i), domain, 0,
                    WorkStruct.segmentVa(block, entry, i),
                    bytes) == -1) {
                return Status.LOC_PROT_ERR;
            }
        }
        return Status.SUCCESS;
    }

    /** Begins the cursor entry's message at the cursor PSN and returns its index. */
    private int begin(long at, long entry) {
        int message = state.messages.take();
        Check.that(message >= 0, "no room for a message", PairStruct.QPN.get(block, at));
        long messageAt = state.messages.at(message);
        long length = WorkStruct.messageBytes(block, entry);
        long mtu = PairStruct.MTU.get(block, at);
        long packets = Math.max(1, (length + mtu - 1) / mtu);
        long first = PairStruct.CURSOR_PSN.get(block, at);
        MessageStruct.INDEX.set(block, messageAt, PairStruct.CURSOR.get(block, at));
        MessageStruct.ID.set(block, messageAt, WorkStruct.ID.get(block, entry));
        MessageStruct.FIRST_PSN.set(block, messageAt, first);
        MessageStruct.LAST_PSN.set(block, messageAt, first + packets - 1 & Packet.PSN_MASK);
        MessageStruct.LENGTH.set(block, messageAt, length);
        MessageStruct.OPCODE.set(block, messageAt, WorkStruct.OPCODE.get(block, entry));
        MessageStruct.FLAGS.set(block, messageAt, WorkStruct.FLAGS.get(block, entry));
        int tail = (int) PairStruct.MESSAGE_TAIL.get(block, at) - 1;
        if (tail < 0) {
            PairStruct.MESSAGE_HEAD.set(block, at, message + 1);
        } else {
            MessageStruct.NEXT.set(block, state.messages.at(tail), message + 1);
        }
        PairStruct.MESSAGE_TAIL.set(block, at, message + 1);
        PairStruct.CURSOR_MESSAGE.set(block, at, message + 1);
        return message;
    }

    private static RcOpcode opcodeOf(int workOpcode, boolean first, boolean last) {
        RcOpcode.Kind kind = workOpcode >= WorkStruct.SEND ? RcOpcode.Kind.SEND : RcOpcode.Kind.WRITE;
        return RcOpcode.request(kind, first, last,
                workOpcode == WorkStruct.SEND_IMMEDIATE || workOpcode == WorkStruct.WRITE_IMMEDIATE);
    }

    private byte[] frame(long at, long entry, boolean first, boolean last, int psn, int payload, int messageBytes) {
        RcOpcode opcode = opcodeOf(WorkStruct.OPCODE.get(block, entry), first, last);
        boolean ack = last || asksForAck(at);
        PairStruct.SINCE_ACK.set(block, at, ack ? 0 : PairStruct.SINCE_ACK.get(block, at) + 1);
        boolean event = opcode.kind() == RcOpcode.Kind.SEND || opcode.immediate();
        boolean solicited = last && event && (WorkStruct.FLAGS.get(block, entry) & WorkStruct.SOLICITED) != 0;
        byte[] frame = line.writer().frame(opcode, payload, PairStruct.PEER_MAC.get(block, at),
                (int) PairStruct.PEER_IP.get(block, at),
                line.nextIpId(), (int) PairStruct.QPN.get(block, at), (int) PairStruct.PEER_QPN.get(block, at), psn,
                ack, solicited);
        if (opcode.reth()) {
            PacketWriter.reth(frame, WorkStruct.REMOTE_VA.get(block, entry),
                    (int) WorkStruct.REMOTE_KEY.get(block, entry), messageBytes);
        }
        if (opcode.immediate()) {
            PacketWriter.immediate(frame, opcode, (int) WorkStruct.IMMEDIATE.get(block, entry));
        }
        return frame;
    }

    /**
     * Whether a packet in mid-message asks: now and then, and when the window closes behind it, as nothing else would
     * open it.
     */
    private boolean asksForAck(long at) {
        int window = state.spec.outstandingPackets();
        int sent = Packet.psnDistance((int) PairStruct.CURSOR_PSN.get(block, at),
                (int) PairStruct.UNACKED_PSN.get(block, at)) + 1;
        return PairStruct.SINCE_ACK.get(block, at) + 1 >= Math.min(ACK_EVERY, window) || sent >= window;
    }

    /** Copies bytes {@code offset..} of the message into the frame; false when they cannot be read. */
    private boolean gather(long at, long entry, long offset, int payload, byte[] frame, RcOpcode opcode) {
        int frameAt = Packet.payloadAt(opcode);
        if (WorkStruct.inline(block, entry)) {
            block.read(entry + WorkStruct.DATA_AT + offset, frame, frameAt, payload);
            return true;
        }
        int domain = (int) PairStruct.DOMAIN.get(block, at);
        long skip = offset;
        int left = payload;
        for (int i = 0; left > 0; i++) {
            long bytes = WorkStruct.segmentBytes(block, entry, i);
            if (skip >= bytes) {
                skip -= bytes;
                continue;
            }
            int n = (int) Math.min(left, bytes - skip);
            long pa = regions.translate(WorkStruct.segmentKey(block, entry, i), domain, 0,
                    WorkStruct.segmentVa(block, entry, i) + skip, n);
            if (pa == -1) {
                return false;
            }
            if (!dma.read(pa, frame, frameAt, n)) {
                state.count(Counter.DMA_ERRORS);
                return false;
            }
            frameAt += n;
            left -= n;
            skip = 0;
        }
        return true;
    }

    private void transmit(long nowPs, int pair, long at, byte[] frame, int payload, boolean inline) {
        int transmission = state.transmissions.take();
        long transmissionAt = state.transmissions.at(transmission);
        TransmissionStruct.PAIR.set(block, transmissionAt, pair);
        TransmissionStruct.PAIR_GENERATION.set(block, transmissionAt, state.pairs.generation(pair));
        TransmissionStruct.EPOCH.set(block, transmissionAt, PairStruct.EPOCH.get(block, at));
        TransmissionStruct.INDEX.set(block, transmissionAt, PairStruct.CURSOR.get(block, at));
        TransmissionStruct.PAYLOAD.set(block, transmissionAt, payload);
        CardStruct.TRANSMIT_BYTES.set(block, 0, CardStruct.TRANSMIT_BYTES.get(block, 0) + payload);
        long ready = inline || payload == 0 ? nowPs : pipes.readDone(nowPs, payload);
        pipes.transmitAt(pipes.departure(ready, frame.length), transmission,
                state.transmissions.generation(transmission), frame);
    }

    private void advance(int pair, long at, long messageAt, int psn, boolean last) {
        int next = psn + 1 & Packet.PSN_MASK;
        if (psn == PairStruct.NEXT_PSN.get(block, at)) {
            PairStruct.NEXT_PSN.set(block, at, next);
        }
        PairStruct.CURSOR_PSN.set(block, at, next);
        if (last) {
            PairStruct.CURSOR.set(block, at, PairStruct.CURSOR.get(block, at) + 1);
            PairStruct.CURSOR_MESSAGE.set(block, at, MessageStruct.NEXT.get(block, messageAt));
            scheduler.releaseHead(pair);
        }
    }
}
