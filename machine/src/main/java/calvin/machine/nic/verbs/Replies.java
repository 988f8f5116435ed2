package calvin.machine.nic.verbs;

import calvin.machine.nic.roce.Packet;
import calvin.machine.nic.roce.PacketWriter;
import calvin.machine.nic.roce.RcOpcode;
import calvin.sim.state.Block;

/**
 * ACKs and NAKs. A queue pair has at most one on its way; what comes up meanwhile goes with it, since an ACK says how
 * far the responder has got when it leaves. Replies leave before request packets of the same time.
 */
final class Replies {
    private final CardState state;
    private final Block block;
    private final Pipes pipes;
    private final Pairs pairs;
    private final Line line;

    Replies(CardState state, Pipes pipes, Pairs pairs, Line line) {
        this.state = state;
        this.block = state.block;
        this.pipes = pipes;
        this.pairs = pairs;
        this.line = line;
    }

    /** Wants an ACK from {@code timePs} on. A NAK on its way stands, as long as its cause does. */
    void ack(long timePs, int pair) {
        long at = pairs.at(pair);
        boolean nakStands = PairStruct.REPLYING.get(block, at) != 0 && PairStruct.NAK_SENT.get(block, at) != 0;
        if (!nakStands) {
            PairStruct.REPLY_SYNDROME.set(block, at, Syndrome.ACK);
            arm(timePs, pair, at);
        }
    }

    /** Wants a NAK for the expected PSN from {@code timePs} on. */
    void nak(long timePs, int pair, int syndrome) {
        long at = pairs.at(pair);
        PairStruct.REPLY_SYNDROME.set(block, at, syndrome);
        PairStruct.REPLY_PSN.set(block, at, PairStruct.EXPECTED_PSN.get(block, at));
        arm(timePs, pair, at);
    }

    /** The expected packet has come: a NAK that has not left yet is without cause. */
    void recovered(int pair) {
        PairStruct.NAK_SENT.set(block, pairs.at(pair), 0);
        PairStruct.REPLY_SYNDROME.set(block, pairs.at(pair), Syndrome.ACK);
    }

    private void arm(long timePs, int pair, long at) {
        if (PairStruct.REPLYING.get(block, at) == 0) {
            PairStruct.REPLYING.set(block, at, 1);
            pipes.at(timePs, Pipes.REPLY, pair, state.pairs.generation(pair), null);
        }
    }

    void onReply(long nowPs, int pair, long generation) {
        if (!pairs.is(pair, generation)) {
            return;
        }
        long at = pairs.at(pair);
        long mac = PairStruct.PEER_MAC.get(block, at);
        long free = line.freePs(nowPs, mac);
        if (free > nowPs) {
            pipes.at(free, Pipes.REPLY, pair, generation, null);
            return;
        }
        PairStruct.REPLYING.set(block, at, 0);
        int syndrome = PairStruct.REPLY_SYNDROME.get(block, at);
        boolean ack = syndrome == Syndrome.ACK;
        int psn = (int) (ack ? PairStruct.EXPECTED_PSN.get(block, at) - 1 : PairStruct.REPLY_PSN.get(block, at))
                & Packet.PSN_MASK;
        byte[] frame = line.writer().frame(RcOpcode.ACKNOWLEDGE, 0, mac, (int) PairStruct.PEER_IP.get(block, at),
                line.nextIpId(),
                (int) PairStruct.QPN.get(block, at), (int) PairStruct.PEER_QPN.get(block, at), psn, false, false);
        PacketWriter.aeth(frame, syndrome, (int) PairStruct.MSN.get(block, at));
        line.writer().seal(frame);
        boolean rnr = Syndrome.kind(syndrome) == Syndrome.KIND_RNR;
        state.count(ack ? Counter.ACKS_SENT : rnr ? Counter.RNR_NAKS_SENT : Counter.NAKS_SENT);
        line.send(nowPs, mac, frame, -1);
    }
}
