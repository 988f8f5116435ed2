package calvin.machine.nic.verbs;

import calvin.machine.nic.roce.DropReason;
import calvin.machine.nic.roce.Packet;
import calvin.machine.nic.roce.RcOpcode;
import calvin.sim.state.Block;

/**
 * The receiving half of a reliable connection (ib vol. 1, 9.7.4 and 9.7.5): PSN, opcode, length and access checks,
 * then SEND into receive entries, WRITE into regions. A request that is refused for good ends the connection; READ
 * and atomic requests are refused as invalid.
 */
final class Responder {
    private static final int IN_SEND = 1;
    private static final int IN_WRITE = 2;

    private final CardState state;
    private final Block block;
    private final Pipes pipes;
    private final Pairs pairs;
    private final Regions regions;
    private final ReceiveQueue receives;
    private final Landings landings;
    private final Replies replies;

    Responder(CardState state, Pipes pipes, Pairs pairs, Regions regions, ReceiveQueue receives, Landings landings,
            Replies replies) {
        this.state = state;
        this.block = state.block;
        this.pipes = pipes;
        this.pairs = pairs;
        this.regions = regions;
        this.receives = receives;
        this.landings = landings;
        this.replies = replies;
    }

    /** A request for a queue pair that receives. */
    void onRequest(long nowPs, int pair, RcOpcode opcode, byte[] frame, long origin) {
        long at = pairs.at(pair);
        int distance = Packet.psnDistance(Packet.psn(frame), (int) PairStruct.EXPECTED_PSN.get(block, at));
        if (distance > 0) {
            if (PairStruct.NAK_SENT.get(block, at) == 0) {
                PairStruct.NAK_SENT.set(block, at, 1);
                replies.nak(pipes.received(nowPs, 0), pair, Syndrome.NAK_SEQUENCE);
            }
            pipes.dropped(nowPs, DropReason.OUT_OF_SEQUENCE, origin, frame);
        } else if (distance < 0) {
            replies.ack(pipes.received(nowPs, 0), pair);
            pipes.dropped(nowPs, DropReason.DUPLICATE, origin, frame);
        } else if (!landings.hasRoom()) {
            pipes.dropped(nowPs, DropReason.RECEIVE_OVERRUN, origin, frame);
        } else {
            replies.recovered(pair);
            execute(nowPs, pair, at, opcode, frame, origin);
        }
    }

    private void execute(long nowPs, int pair, long at, RcOpcode opcode, byte[] frame, long origin) {
        int payload = Packet.payloadBytes(frame, opcode);
        int syndrome = shape(at, opcode, payload);
        if (syndrome == 0 && opcode.reth()) {
            syndrome = beginWrite(at, frame);
        }
        if (syndrome == 0 && opcode.kind() == RcOpcode.Kind.WRITE) {
            syndrome = checkWrite(at, opcode, payload);
        }
        long wait = 0;
        boolean needsReceive = opcode.kind() == RcOpcode.Kind.SEND ? opcode.first() : opcode.immediate();
        if (syndrome == 0 && needsReceive) {
            wait = receives.take(nowPs, pair);
        }
        if (wait == ReceiveQueue.EMPTY) {
            notReady(nowPs, pair, at, frame, origin);
            return;
        }
        long ready = pipes.received(nowPs, Math.max(wait, 0));
        int status = Status.REM_INV_REQ_ERR;
        if (wait == ReceiveQueue.BROKEN) {
            syndrome = Syndrome.NAK_REMOTE_OPERATIONAL;
            status = Status.LOC_QP_OP_ERR;
        }
        if (syndrome == 0 && opcode.kind() == RcOpcode.Kind.SEND) {
            status = scatter(ready, pair, at, opcode, frame, payload, origin);
            syndrome = status == Status.SUCCESS
                    ? 0
                    : status == Status.LOC_LEN_ERR ? Syndrome.NAK_INVALID_REQUEST : Syndrome.NAK_REMOTE_OPERATIONAL;
        } else if (syndrome == 0) {
            write(ready, pair, at, opcode, frame, payload, origin);
        }
        if (syndrome != 0) {
            refuse(nowPs, ready, pair, at, syndrome, status, frame, origin);
            return;
        }
        state.add(Counter.PAYLOAD_RECEIVED, payload);
        accepted(ready, pair, at, opcode, frame, payload, origin);
    }

    /** Whether opcode and length fit what came before and the path MTU; the NAK that says no, or 0. */
    private int shape(long at, RcOpcode opcode, int payload) {
        int receiving = PairStruct.RECEIVING.get(block, at);
        int expected = opcode.first() ? 0 : opcode.kind() == RcOpcode.Kind.SEND ? IN_SEND : IN_WRITE;
        long mtu = PairStruct.MTU.get(block, at);
        boolean length = opcode.last() ? payload <= mtu && payload >= (opcode.first() ? 0 : 1) : payload == mtu;
        boolean known = opcode.kind() == RcOpcode.Kind.SEND || opcode.kind() == RcOpcode.Kind.WRITE;
        return known && length && receiving == expected ? 0 : Syndrome.NAK_INVALID_REQUEST;
    }

    /** Notes where a WRITE goes, once its whole range is permitted. A WRITE of nothing needs no key. */
    private int beginWrite(long at, byte[] frame) {
        long va = Packet.rethVa(frame);
        long bytes = Packet.rethBytes(frame);
        int key = Packet.rethKey(frame);
        boolean may = (PairStruct.ACCESS.get(block, at) & Regions.REMOTE_WRITE) != 0;
        int domain = (int) PairStruct.DOMAIN.get(block, at);
        if (bytes > 0 && (!may || regions.translate(key, domain, Regions.REMOTE_WRITE, va, bytes) == -1)) {
            return Syndrome.NAK_REMOTE_ACCESS;
        }
        if (bytes > WorkStruct.MAX_MESSAGE_BYTES) {
            return Syndrome.NAK_INVALID_REQUEST;
        }
        PairStruct.WRITE_VA.set(block, at, va);
        PairStruct.WRITE_KEY.set(block, at, key);
        PairStruct.WRITE_LEFT.set(block, at, bytes);
        PairStruct.MESSAGE_BYTES.set(block, at, bytes);
        return 0;
    }

    private int checkWrite(long at, RcOpcode opcode, int payload) {
        long left = PairStruct.WRITE_LEFT.get(block, at) - payload;
        return left < 0 || opcode.last() != (left == 0)
                ? Syndrome.NAK_INVALID_REQUEST
                : payload > 0 && writePa(at, payload) == -1 ? Syndrome.NAK_REMOTE_ACCESS : 0;
    }

    /** Where the next bytes of a WRITE go: looked up for every packet, as the region may go away in mid-message. */
    private long writePa(long at, int payload) {
        return regions.translate((int) PairStruct.WRITE_KEY.get(block, at), (int) PairStruct.DOMAIN.get(block, at),
                Regions.REMOTE_WRITE,
                PairStruct.WRITE_VA.get(block, at), payload);
    }

    private void write(long ready, int pair, long at, RcOpcode opcode, byte[] frame, int payload, long origin) {
        if (payload > 0) {
            landings.payload(ready, pair, origin, frame, Packet.payloadAt(opcode), payload, writePa(at, payload),
                    (int) PairStruct.WRITE_KEY.get(block, at), payload);
        }
        PairStruct.WRITE_VA.set(block, at, PairStruct.WRITE_VA.get(block, at) + payload);
        PairStruct.WRITE_LEFT.set(block, at, PairStruct.WRITE_LEFT.get(block, at) - payload);
    }

    /** Puts a SEND's payload behind what the receive entry already holds; the status that says why not. */
    private int scatter(long ready, int pair, long at, RcOpcode opcode, byte[] frame, int payload, long origin) {
        long received = PairStruct.RECEIVED.get(block, at);
        int segments = PairStruct.SEGMENTS.get(block, at);
        long room = -received;
        for (int i = 0; i < segments; i++) {
            room += PairStruct.SEGMENT_LENGTH0.get(block, at + (long) i * ReceiveWorkStruct.SEGMENT_BYTES);
        }
        if (payload > room) {
            return Status.LOC_LEN_ERR;
        }
        long skip = received;
        int left = payload;
        int frameAt = Packet.payloadAt(opcode);
        for (int i = 0; left > 0; i++) {
            long segmentAt = at + (long) i * ReceiveWorkStruct.SEGMENT_BYTES;
            long bytes = PairStruct.SEGMENT_LENGTH0.get(block, segmentAt);
            if (skip >= bytes) {
                skip -= bytes;
                continue;
            }
            int n = (int) Math.min(left, bytes - skip);
            int key = (int) PairStruct.SEGMENT_KEY0.get(block, segmentAt);
            long pa = regions.translate(key, (int) PairStruct.DOMAIN.get(block, at), Regions.LOCAL_WRITE,
                    PairStruct.SEGMENT_VA0.get(block, segmentAt) + skip, n);
            if (pa == -1) {
                return Status.LOC_PROT_ERR;
            }
            left -= n;
            landings.payload(ready, pair, origin, frame, frameAt, n, pa, key, left == 0 ? payload : 0);
            frameAt += n;
            skip = 0;
        }
        PairStruct.RECEIVED.set(block, at, received + payload);
        return Status.SUCCESS;
    }

    /** No receive entry: the packet has not come, and the sender tries again later. */
    private void notReady(long nowPs, int pair, long at, byte[] frame, long origin) {
        PairStruct.NAK_SENT.set(block, at, 1);
        // The record was read in vain first.
        long ready = pipes.received(nowPs, state.spec.dmaReadPs());
        replies.nak(ready, pair, Syndrome.RNR | PairStruct.RNR_CODE.get(block, at));
        pipes.dropped(nowPs, DropReason.RECEIVER_NOT_READY, origin, frame);
    }

    private void refuse(long nowPs, long ready, int pair, long at, int syndrome, int status, byte[] frame,
            long origin) {
        if (PairStruct.HOLDS_RECEIVE.get(block, at) != 0) {
            landings.completion(ready, pair, origin, CompletionStruct.RECEIVED, status, 0, 0, 0);
        }
        PairStruct.NAK_SENT.set(block, at, 1);
        replies.nak(ready, pair, syndrome);
        pipes.dropped(nowPs, DropReason.REFUSED, origin, frame);
        pairs.fail(nowPs, pair, Status.SUCCESS);
    }

    private void accepted(long ready, int pair, long at, RcOpcode opcode, byte[] frame, int payload, long origin) {
        boolean send = opcode.kind() == RcOpcode.Kind.SEND;
        PairStruct.EXPECTED_PSN.set(block, at, PairStruct.EXPECTED_PSN.get(block, at) + 1 & Packet.PSN_MASK);
        PairStruct.RECEIVING.set(block, at, opcode.last() ? 0 : send ? IN_SEND : IN_WRITE);
        if (opcode.last()) {
            PairStruct.MSN.set(block, at, PairStruct.MSN.get(block, at) + 1 & Packet.PSN_MASK);
            if (send || opcode.immediate()) {
                long immediate = opcode.immediate() ? Packet.immediate(frame, opcode) : 0;
                landings.completion(ready, pair, origin,
                        send ? CompletionStruct.RECEIVED : CompletionStruct.RECEIVED_IMMEDIATE,
                        Status.SUCCESS,
                        send ? PairStruct.RECEIVED.get(block, at) : PairStruct.MESSAGE_BYTES.get(block, at), immediate,
                        opcode.immediate() ? CompletionStruct.WITH_IMMEDIATE : 0);
            }
        }
        if (Packet.ackRequested(frame)) {
            replies.ack(ready, pair);
        }
    }
}
