package calvin.machine.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.nic.TestNode.Piece;
import calvin.machine.nic.roce.DropReason;
import calvin.machine.nic.verbs.Counter;
import calvin.sim.seed.Seed;
import calvin.sim.wire.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReliabilityTest {
    private static Frame later(Frame frame, long ps) {
        return new Frame(frame.arrivalPs() + ps, frame.durationPs(), frame.port(), frame.sender(), 0, frame.origin(),
                frame.bytes());
    }

    private static Frame damaged(Frame frame, int bit) {
        byte[] bytes = frame.bytes().clone();
        bytes[bit >>> 3] ^= (byte) (1 << (bit & 7));
        return new Frame(frame.arrivalPs(), frame.durationPs(), frame.port(), frame.sender(), 0, frame.origin(), bytes);
    }

    private static Rig run(String what, TestWire.Hand hand) {
        Rig rig = new Rig(Exchange.plan());
        rig.wire.hand = hand;
        rig.wire.capture = false;
        Exchange exchange = new Exchange(rig);
        exchange.begin();
        rig.run();
        exchange.check(what);
        return rig;
    }

    private static long framesOf(int port) {
        return run("honest wire", TestWire.HONEST).wire.sent(port);
    }

    @Test
    void withoutLossNothingIsRepeated() {
        Rig rig = run("honest wire", TestWire.HONEST);
        assertEquals(0, rig.a.card.counter(Counter.RETRANSMITS) + rig.b.card.counter(Counter.RETRANSMITS));
        for (DropReason reason : DropReason.values()) {
            assertEquals(0, rig.a.card.dropped(reason) + rig.b.card.dropped(reason), reason.name());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void lossOfAnyOneFrameIsRepaired(int port) {
        long frames = framesOf(port);
        assertTrue(frames > 20);
        for (long k = 0; k < frames; k++) {
            long lost = k;
            Rig rig = run("frame " + k + " of port " + port + " lost", (from, ordinal, frame, deliver) -> {
                if (from != port || ordinal != lost) {
                    deliver.accept(frame);
                }
            });
            assertEquals(0, rig.a.card.dropped(DropReason.BAD_ICRC));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void lossOfAnyTwoFramesInARowIsRepaired(int port) {
        for (long k = 0, frames = framesOf(port); k < frames; k++) {
            long lost = k;
            run("frames " + k + " and next of port " + port + " lost", (from, ordinal, frame, deliver) -> {
                if (from != port || ordinal != lost && ordinal != lost + 1) {
                    deliver.accept(frame);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void anyFrameMayComeTwice(int port) {
        for (long k = 0, frames = framesOf(port); k < frames; k++) {
            long twice = k;
            run("frame " + k + " of port " + port + " twice", (from, ordinal, frame, deliver) -> {
                deliver.accept(frame);
                if (from == port && ordinal == twice) {
                    deliver.accept(later(frame, 3_000_000));
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void anyFrameMayComeLate(int port) {
        for (long k = 0, frames = framesOf(port); k < frames; k++) {
            long late = k;
            run("frame " + k + " of port " + port + " late",
                    (from, ordinal, frame, deliver) -> deliver
                            .accept(from == port && ordinal == late ? later(frame, 2_000_000) : frame));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aDamagedFrameIsDroppedAndRepaired(int port) {
        for (long k = 0, frames = framesOf(port); k < frames; k++) {
            long bad = k;
            Rig rig = run("frame " + k + " of port " + port + " damaged", (from, ordinal, frame, deliver) -> {
                int lastBit = 8 * calvin.machine.nic.roce.Packet.endAt(frame.bytes()) - 1;
                deliver.accept(from == port && ordinal == bad ? damaged(frame, lastBit - 32) : frame);
            });
            RdmaCard receiver = port == 0 ? rig.b.card : rig.a.card;
            assertEquals(1, receiver.dropped(DropReason.BAD_ICRC));
        }
    }

    /** Each seed is one schedule of losses, copies, delays and damage on both directions. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 6, 10})
    void randomTroubleIsRepaired(int percent) {
        long repairs = 0;
        for (int seed = 0; seed < 60; seed++) {
            Seed[] draws = {new Seed(seed).child("port/0"), new Seed(seed).child("port/1")};
            Rig rig = run(percent + " % trouble, seed " + seed, (from, ordinal, frame, deliver) -> {
                long draw = draws[from].drawBelow(2 * ordinal, 100);
                long detail = draws[from].draw(2 * ordinal + 1);
                if (draw >= percent) {
                    deliver.accept(frame);
                    return;
                }
                switch ((int) (detail >>> 60 & 3)) {
                    case 0 -> {
                    }
                    case 1 -> {
                        deliver.accept(frame);
                        deliver.accept(later(frame, detail >>> 40 & 0x3F_FFFF));
                    }
                    case 2 -> deliver.accept(later(frame, detail >>> 40 & 0x3F_FFFF));
                    default -> deliver.accept(damaged(frame, (int) (detail >>> 32 & 0xFF) % (8 * 42 - 112) + 112));
                }
            });
            repairs += rig.a.card.counter(Counter.RETRANSMITS) + rig.b.card.counter(Counter.RETRANSMITS);
        }
        assertTrue(repairs > 8L * percent, repairs + " repairs at " + percent + " %");
    }

    @Test
    void aSilentPeerIsGivenUpAfterAllRetries() {
        Rig.Plan plan = new Rig.Plan();
        plan.retries = 3;
        Rig rig = new Rig(plan);
        rig.wire.hand = (port, ordinal, frame, deliver) -> {
        };
        TestNode.Region from = rig.a.region(5000, 0);
        rig.pairA.receive(70, new Piece(from.pa(), 10, from.key()));
        for (int i = 0; i < 3; i++) {
            rig.pairA.post(Rig.SEND, i == 1 ? 0 : Rig.SIGNALED, 0, i, 0, 0, new Piece(from.pa(), 5000, from.key()));
        }
        long began = rig.a.nowPs();
        rig.pairA.ring();
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 0, 0, 12);
        Rig.expect(rig.pairA.sends.poll(), 1, 0, 5);
        Rig.expect(rig.pairA.sends.poll(), 2, 0, 5);
        Rig.expect(rig.pairA.receives.poll(), 70, 128, 5);
        assertEquals(6, rig.pairA.state());
        assertEquals(4, rig.a.card.counter(Counter.TIMEOUTS));
        long timeout = 4_096_000L << Rig.TIMEOUT_CODE;
        long took = rig.a.nowPs() - began;
        assertTrue(took > 4 * timeout && took < 4 * timeout + 20_000_000, "took " + took);
    }

    @Test
    void aSequenceNakRepairsFasterThanTheTimer() {
        Rig.Plan plan = new Rig.Plan();
        plan.mtu = 256;
        plan.timeoutCode = 14;
        Rig rig = new Rig(plan);
        TestNode.Region from = rig.a.region(20_000, 0);
        TestNode.Region to = rig.b.region(20_000, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        rig.wire.hand = (port, ordinal, frame, deliver) -> {
            if (port != 0 || ordinal != 10) {
                deliver.accept(frame);
            }
        };
        rig.pairA.post(Rig.WRITE, Rig.SIGNALED, 0, 1, to.pa(), to.key(), new Piece(from.pa(), 20_000, from.key()));
        rig.pairA.ring();
        while (rig.pairA.sends.peek() == null) {
            rig.step();
        }
        Rig.expect(rig.pairA.sends.poll(), 1, 1, 0);
        assertTrue(rig.a.nowPs() < 12_000_000, "took " + rig.a.nowPs());
        assertEquals(1, rig.b.card.counter(Counter.NAKS_SENT));
        assertEquals(1, rig.a.card.counter(Counter.RETRANSMITS));
        assertEquals(0, rig.a.card.counter(Counter.TIMEOUTS));
        assertTrue(rig.b.card.dropped(DropReason.OUT_OF_SEQUENCE) > 1, "one NAK for many packets out of sequence");
    }

    @Test
    void acknowledgementsCoalesceUnderLoad() {
        Rig rig = new Rig();
        TestNode.Region to = rig.b.region(64, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        // Keeps B's port busy, so that its ACKs have to wait and go together.
        TestNode.Region big = rig.b.region(200_000, 0);
        TestNode.Region sink = rig.a.region(200_000, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        rig.pairB.post(Rig.WRITE, Rig.SIGNALED, 0, 9, sink.pa(), sink.key(), new Piece(big.pa(), 200_000, big.key()));
        rig.pairB.ring();
        for (int i = 0; i < 60; i++) {
            rig.pairA.postInline(Rig.WRITE, i == 59 ? Rig.SIGNALED : 0, 0, i, to.pa(), to.key(), new byte[]{1});
        }
        rig.pairA.ring();
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 59, 1, 0);
        Rig.expect(rig.pairB.sends.poll(), 9, 1, 0);
        long acks = rig.b.card.counter(Counter.ACKS_SENT);
        assertTrue(acks >= 1 && acks < 60, acks + " ACKs for 60 requests");
    }
}
