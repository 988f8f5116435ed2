package calvin.machine.nic.verbs;

import calvin.machine.nic.roce.DropReason;
import calvin.machine.nic.roce.Packet;
import calvin.sim.state.Block;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceKind;

/**
 * The sending half of a reliable connection (ib vol. 1, 9.7.2 to 9.7.7): doorbells, the transmit pipeline,
 * acknowledgements, retries. It repeats by going back to a PSN and sending everything from there again.
 */
final class Requester {
    private final CardState state;
    private final Block block;
    private final Pipes pipes;
    private final Pairs pairs;
    private final SendScheduler scheduler;
    private final PacketMaker maker;
    private final Line line;

    Requester(CardState state, Pipes pipes, Pairs pairs, SendScheduler scheduler, PacketMaker maker, Line line) {
        this.state = state;
        this.block = state.block;
        this.pipes = pipes;
        this.pairs = pairs;
        this.scheduler = scheduler;
        this.maker = maker;
        this.line = line;
    }

    /** A doorbell has reached the card: {@code qpn << 32 | producer} in user access page {@code uar}. */
    void onDoorbell(long nowPs, long value, int uar) {
        int pair = state.findPair((int) (value >>> 32));
        if (pair < 0 || PairStruct.UAR.get(block, pairs.at(pair)) != uar || pairs.state(pair) == PairState.RESET) {
            state.count(Counter.DOORBELLS_REFUSED);
            return;
        }
        long at = pairs.at(pair);
        int producer = (int) value;
        long posted = producer - PairStruct.COMPLETED.get(block, at) & 0xFFFF_FFFFL;
        boolean back = producer - (int) PairStruct.PRODUCER.get(block, at) < 0;
        if (posted > 1L << PairStruct.SQ_LOG2.get(block, at) || back) {
            state.count(Counter.DOORBELLS_REFUSED);
            return;
        }
        state.count(Counter.DOORBELLS);
        pipes.record(TraceKind.DOORBELL_SEEN, nowPs, value - 1 & 0xFFFF_FFFFL | value & 0xFFFF_FFFF_0000_0000L, 0, 0);
        PairStruct.PRODUCER.set(block, at, producer);
        if (pairs.state(pair) == PairState.ERR) {
            pairs.drain(nowPs, pair);
        } else {
            scheduler.wake(pair);
        }
    }

    /** Makes as many packets as the pipeline has room for. */
    void pump(long nowPs) {
        scheduler.feed();
        scheduler.fetch(nowPs);
        int pair = scheduler.peekActive();
        while (pair >= 0 && hasRoom(pair)) {
            scheduler.takeActive();
            PacketMaker.Outcome outcome = maker.make(nowPs, pair);
            scheduler.wake(pair);
            if (outcome == PacketMaker.Outcome.STUCK) {
                failIfOldest(nowPs, pair);
            }
            pair = scheduler.peekActive();
        }
        scheduler.fetch(nowPs);
    }

    private boolean hasRoom(int pair) {
        long bytes = CardStruct.TRANSMIT_BYTES.get(block, 0) + PairStruct.MTU.get(block, pairs.at(pair));
        return bytes <= state.spec.transmitBytes() && state.transmissions.free() > 0;
    }

    /** A packet's planned departure has come. While the port is busy with a reply it waits. */
    void onTransmit(long nowPs, int transmission, long generation, byte[] frame) {
        if (state.transmissions.generation(transmission) != generation) {
            return;
        }
        long transmissionAt = state.transmissions.at(transmission);
        int pair = (int) TransmissionStruct.PAIR.get(block, transmissionAt);
        long at = pairs.at(pair);
        boolean current = pairs.is(pair, TransmissionStruct.PAIR_GENERATION.get(block, transmissionAt))
                && PairStruct.EPOCH.get(block, at) == TransmissionStruct.EPOCH.get(block, transmissionAt);
        if (current) {
            long free = line.freePs(nowPs, PairStruct.PEER_MAC.get(block, at));
            if (free > nowPs) {
                pipes.transmitAt(free, transmission, generation, frame);
                return;
            }
        }
        long index = TransmissionStruct.INDEX.get(block, transmissionAt);
        long payload = TransmissionStruct.PAYLOAD.get(block, transmissionAt);
        state.transmissions.give(transmission);
        CardStruct.TRANSMIT_BYTES.set(block, 0, CardStruct.TRANSMIT_BYTES.get(block, 0) - payload);
        if (current) {
            state.count(Counter.PACKETS_SENT);
            state.add(Counter.PAYLOAD_SENT, payload);
            line.send(nowPs, PairStruct.PEER_MAC.get(block, at), frame, PairStruct.QPN.get(block, at) << 32 | index);
            startTimer(nowPs, pair, at);
        }
    }

    /** An ACK or NAK has come in for a queue pair that sends. */
    void onReply(long nowPs, int pair, byte[] frame, long origin) {
        long at = pairs.at(pair);
        int syndrome = Packet.aethSyndrome(frame);
        int kind = Syndrome.kind(syndrome);
        int psn = Packet.psn(frame);
        int through = kind == Syndrome.KIND_ACK ? psn : psn - 1;
        int unacked = (int) PairStruct.UNACKED_PSN.get(block, at);
        int fresh = through + 1 - unacked & Packet.PSN_MASK;
        int outstanding = outstanding(at);
        boolean ack = kind == Syndrome.KIND_ACK;
        boolean waits = PairStruct.RNR_WAIT.get(block, at) != 0;
        boolean stale = ack ? fresh == 0 || fresh > outstanding : fresh >= outstanding || waits;
        if (stale || kind == 2) {
            pipes.dropped(nowPs, DropReason.STALE_REPLY, origin, frame);
            return;
        }
        if (fresh > 0) {
            progress(nowPs, pair, at, through & Packet.PSN_MASK, origin);
        }
        switch (kind) {
            case Syndrome.KIND_ACK -> state.count(Counter.ACKS_RECEIVED);
            case Syndrome.KIND_RNR -> onRnr(nowPs, pair, at, psn, syndrome & 31);
            default -> onNak(nowPs, pair, at, psn, syndrome);
        }
    }

    private int outstanding(long at) {
        return (int) (PairStruct.NEXT_PSN.get(block, at) - PairStruct.UNACKED_PSN.get(block, at)) & Packet.PSN_MASK;
    }

    /** Everything up to {@code through} has arrived. */
    private void progress(long nowPs, int pair, long at, int through, long origin) {
        boolean done = false;
        for (int m = (int) PairStruct.MESSAGE_HEAD.get(block, at) - 1; m >= 0;) {
            long messageAt = state.messages.at(m);
            if (MessageStruct.ACKED.get(block, messageAt) == 0) {
                // The PSN after the message may be the next to send, so "not ahead of" is "at least as far".
                if (Packet.psnDistance(through, (int) MessageStruct.LAST_PSN.get(block, messageAt)) < 0) {
                    break;
                }
                MessageStruct.ACKED.set(block, messageAt, 1);
                MessageStruct.ORIGIN.set(block, messageAt, origin);
                done = true;
            }
            m = (int) MessageStruct.NEXT.get(block, messageAt) - 1;
        }
        int unacked = through + 1 & Packet.PSN_MASK;
        PairStruct.UNACKED_PSN.set(block, at, unacked);
        PairStruct.RETRY_LEFT.set(block, at, PairStruct.RETRY_LIMIT.get(block, at));
        PairStruct.RNR_LEFT.set(block, at, PairStruct.RNR_LIMIT.get(block, at));
        PairStruct.DEADLINE.set(block, at, nowPs + timeoutPs(at));
        if (Packet.psnDistance(unacked, (int) PairStruct.CURSOR_PSN.get(block, at)) > 0) {
            // The peer had what we were about to send again.
            moveCursor(pair, at, unacked);
        }
        if (done) {
            pairs.drain(nowPs, pair);
        }
        scheduler.wake(pair);
        failIfOldest(nowPs, pair);
    }

    private void onRnr(long nowPs, int pair, long at, int psn, int code) {
        state.count(Counter.RNR_NAKS_RECEIVED);
        int left = PairStruct.RNR_LEFT.get(block, at);
        if (left == 0) {
            pairs.fail(nowPs, pair, Status.RNR_RETRY_EXC_ERR);
            return;
        }
        if (PairStruct.RNR_LIMIT.get(block, at) != 7) {
            PairStruct.RNR_LEFT.set(block, at, left - 1);
        }
        PairStruct.RNR_WAIT.set(block, at, 1);
        goBack(nowPs, pair, at, psn);
        pipes.at(nowPs + Syndrome.rnrPs(code), Pipes.RNR_TIMER, pair, state.pairs.generation(pair), null);
    }

    private void onNak(long nowPs, int pair, long at, int psn, int syndrome) {
        state.count(Counter.NAKS_RECEIVED);
        if (syndrome == Syndrome.NAK_SEQUENCE) {
            retry(nowPs, pair, at, psn);
        } else {
            pairs.fail(nowPs, pair, Syndrome.status(syndrome));
        }
    }

    private void retry(long nowPs, int pair, long at, int psn) {
        int left = PairStruct.RETRY_LEFT.get(block, at);
        if (left == 0) {
            pairs.fail(nowPs, pair, Status.RETRY_EXC_ERR);
            return;
        }
        PairStruct.RETRY_LEFT.set(block, at, left - 1);
        goBack(nowPs, pair, at, psn);
    }

    private void goBack(long nowPs, int pair, long at, int psn) {
        int packets = (int) PairStruct.NEXT_PSN.get(block, at) - psn & Packet.PSN_MASK;
        state.count(Counter.RETRANSMITS);
        state.add(Counter.PACKETS_REPEATED, packets);
        pipes.record(TraceKind.RETRANSMIT, nowPs, PairStruct.QPN.get(block, at), psn, packets);
        moveCursor(pair, at, psn);
        scheduler.wake(pair);
    }

    /** Sends from {@code psn} next. Entries and packets on their way are dropped. */
    private void moveCursor(int pair, long at, int psn) {
        scheduler.forget(pair);
        PairStruct.STUCK_STATUS.set(block, at, 0);
        PairStruct.SINCE_ACK.set(block, at, 0);
        PairStruct.CURSOR_PSN.set(block, at, psn);
        int message = (int) PairStruct.MESSAGE_HEAD.get(block, at) - 1;
        int newest = -1;
        while (message >= 0
                && Packet.psnDistance((int) MessageStruct.LAST_PSN.get(block, state.messages.at(message)), psn) < 0) {
            newest = message;
            message = (int) MessageStruct.NEXT.get(block, state.messages.at(message)) - 1;
        }
        PairStruct.CURSOR_MESSAGE.set(block, at, message + 1);
        if (message >= 0) {
            PairStruct.CURSOR.set(block, at, MessageStruct.INDEX.get(block, state.messages.at(message)));
        } else if (newest >= 0) {
            PairStruct.CURSOR.set(block, at, MessageStruct.INDEX.get(block, state.messages.at(newest)) + 1);
        }
    }

    /**
     * An entry that cannot be sent fails once everything before it has been acknowledged, so completions stay in
     * order.
     */
    private void failIfOldest(long nowPs, int pair) {
        long at = pairs.at(pair);
        int status = PairStruct.STUCK_STATUS.get(block, at);
        if (status == Status.SUCCESS || !PairState.sends(pairs.state(pair))) {
            return;
        }
        long cursor = PairStruct.CURSOR.get(block, at);
        for (int m = (int) PairStruct.MESSAGE_HEAD.get(block, at) - 1; m >= 0;) {
            long messageAt = state.messages.at(m);
            if (MessageStruct.ACKED.get(block, messageAt) == 0 && MessageStruct.INDEX.get(block, messageAt) != cursor) {
                return;
            }
            m = (int) MessageStruct.NEXT.get(block, messageAt) - 1;
        }
        pairs.fail(nowPs, pair, status);
    }

    void onRnrTimer(int pair, long generation) {
        if (pairs.is(pair, generation)) {
            PairStruct.RNR_WAIT.set(block, pairs.at(pair), 0);
            scheduler.wake(pair);
        }
    }

    /** The ACK timer runs from the last packet sent or the last progress, whichever is later. */
    private void startTimer(long nowPs, int pair, long at) {
        if (PairStruct.TIMEOUT_CODE.get(block, at) == 0) {
            return;
        }
        PairStruct.DEADLINE.set(block, at, nowPs + timeoutPs(at));
        armTimer(pair, at);
    }

    private void armTimer(int pair, long at) {
        if (PairStruct.TIMER_RUNNING.get(block, at) == 0) {
            PairStruct.TIMER_RUNNING.set(block, at, 1);
            pipes.at(PairStruct.DEADLINE.get(block, at), Pipes.ACK_TIMER, pair, state.pairs.generation(pair), null);
        }
    }

    private long timeoutPs(long at) {
        int code = PairStruct.TIMEOUT_CODE.get(block, at);
        return code == 0 ? 0 : Syndrome.timeoutPs(code);
    }

    /** The deadline only ever moves on, so one event is enough: one that comes early waits for the rest. */
    void onAckTimer(long nowPs, int pair, long generation) {
        if (!pairs.is(pair, generation)) {
            return;
        }
        long at = pairs.at(pair);
        PairStruct.TIMER_RUNNING.set(block, at, 0);
        boolean idle = outstanding(at) == 0 || PairStruct.RNR_WAIT.get(block, at) != 0;
        if (!PairState.sends(pairs.state(pair)) || idle) {
            return;
        }
        if (nowPs < PairStruct.DEADLINE.get(block, at)) {
            armTimer(pair, at);
            return;
        }
        state.count(Counter.TIMEOUTS);
        retry(nowPs, pair, at, (int) PairStruct.UNACKED_PSN.get(block, at));
        if (PairState.sends(pairs.state(pair))) {
            PairStruct.DEADLINE.set(block, at, SimTime.plus(nowPs, timeoutPs(at)));
            armTimer(pair, at);
        }
    }
}
