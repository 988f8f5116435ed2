package calvin.machine.nic;

import static calvin.machine.nic.Rig.SEND;
import static calvin.machine.nic.Rig.SEND_IMMEDIATE;
import static calvin.machine.nic.Rig.SIGNALED;
import static calvin.machine.nic.Rig.WRITE;
import static calvin.machine.nic.Rig.WRITE_IMMEDIATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.nic.TestNode.Piece;
import calvin.machine.nic.verbs.Counter;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorTest {
    private static final int LOC_LEN = 1;
    private static final int LOC_QP_OP = 2;
    private static final int LOC_PROT = 4;
    private static final int FLUSH = 5;
    private static final int REM_INV_REQ = 9;
    private static final int REM_ACCESS = 10;
    private static final int REM_OP = 11;
    private static final int RNR_RETRY_EXC = 13;
    private static final int ERR = 6;

    @Test
    void aReceiverThatIsNotReadyIsWaitedFor() {
        Rig rig = new Rig();
        TestNode.Region to = rig.b.region(64, TestNode.LOCAL_WRITE);
        rig.pairA.postInline(SEND, SIGNALED, 0, 1, 0, 0, new byte[]{42});
        rig.pairA.postInline(SEND, SIGNALED, 0, 2, 0, 0, new byte[]{43});
        rig.pairA.ring();
        while (rig.a.nowPs() < 50_000_000) {
            rig.step();
        }
        long naks = rig.b.card.counter(Counter.RNR_NAKS_SENT);
        // Code 1 is 10 us, and a round trip takes about 2 us.
        assertTrue(naks >= 4 && naks <= 5, naks + " RNR NAKs in 50 us");
        rig.pairB.receive(8, new Piece(to.pa(), 1, to.key()));
        rig.pairB.receive(9, new Piece(to.pa() + 1, 1, to.key()));
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 1, 0, 0);
        Rig.expect(rig.pairA.sends.poll(), 2, 0, 0);
        Rig.expect(rig.pairB.receives.poll(), 8, 128, 0);
        Rig.expect(rig.pairB.receives.poll(), 9, 128, 0);
        assertEquals(42, rig.b.ram.u8(to.pa()));
        assertEquals(43, rig.b.ram.u8(to.pa() + 1));
        assertEquals(0, rig.a.card.counter(Counter.TIMEOUTS), "the ACK timer does not run while the RNR timer does");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void rnrRetriesEnd(int retries) {
        Rig.Plan plan = new Rig.Plan();
        plan.rnrRetries = retries;
        Rig rig = new Rig(plan);
        rig.pairA.postInline(SEND, SIGNALED, 0, 1, 0, 0, new byte[8]);
        rig.pairA.postInline(SEND, 0, 0, 2, 0, 0, new byte[8]);
        rig.pairA.ring();
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 1, 0, RNR_RETRY_EXC);
        Rig.expect(rig.pairA.sends.poll(), 2, 0, FLUSH);
        assertEquals(retries + 1, rig.b.card.counter(Counter.RNR_NAKS_SENT));
        assertEquals(ERR, rig.pairA.state());
        assertEquals(3, rig.pairB.state(), "the responder does not mind");
    }

    @Test
    void writeWithImmediateNeedsAReceiveBeforeItsLastPacketCounts() {
        Rig rig = new Rig();
        TestNode.Region from = rig.a.region(3000, 0);
        TestNode.Region to = rig.b.region(3000, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        rig.a.ram.bytes(from.pa(), Rig.pattern(3000, 1));
        rig.pairA.post(WRITE_IMMEDIATE, SIGNALED, 77, 1, to.pa(), to.key(), new Piece(from.pa(), 3000, from.key()));
        rig.pairA.ring();
        while (rig.b.card.counter(Counter.RNR_NAKS_SENT) < 2) {
            rig.step();
        }
        rig.pairB.receive(5);
        rig.run();
        TestNode.Completion got = rig.pairB.receives.poll();
        Rig.expect(got, 5, 129, 0);
        assertEquals(77, got.immediate());
        assertEquals(3000, got.byteLen());
        org.junit.jupiter.api.Assertions.assertArrayEquals(Rig.pattern(3000, 1), rig.b.ram.bytes(to.pa(), 3000));
    }

    /** A WRITE that B refuses: A's completion says why, both go to ERR and flush, and not a byte has changed. */
    private static void refusedWrite(BiConsumer<Rig, TestNode.Region> post, int status) {
        Rig rig = new Rig();
        TestNode.Region to = rig.b.region(4096, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        rig.pairB.receive(31, new Piece(to.pa(), 4096, to.key()));
        post.accept(rig, to);
        rig.pairA.postInline(WRITE, 0, 0, 2, to.pa(), to.key(), new byte[]{9});
        rig.pairA.ring();
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 1, 1, status);
        Rig.expect(rig.pairA.sends.poll(), 2, 1, FLUSH);
        assertNull(rig.pairA.sends.poll());
        Rig.expect(rig.pairB.receives.poll(), 31, 128, FLUSH);
        assertEquals(ERR, rig.pairA.state());
        assertEquals(ERR, rig.pairB.state());
        for (int i = 0; i < 4096; i++) {
            assertEquals(0, rig.b.ram.u8(to.pa() + i));
        }
    }

    @Test
    void writesOutsideWhatTheKeyPermitsAreRefused() {
        byte[] data = Rig.pattern(16, 1);
        refusedWrite((rig, to) -> rig.pairA.postInline(WRITE, 0, 0, 1, to.pa(), to.key() + 1, data), REM_ACCESS);
        refusedWrite((rig, to) -> rig.pairA.postInline(WRITE, 0, 0, 1, to.pa(), 0, data), REM_ACCESS);
        refusedWrite((rig, to) -> rig.pairA.postInline(WRITE, 0, 0, 1, to.pa() - 1, to.key(), data), REM_ACCESS);
        refusedWrite((rig, to) -> rig.pairA.postInline(WRITE, 0, 0, 1, to.pa() + 4081, to.key(), data), REM_ACCESS);
        refusedWrite((rig, to) -> rig.pairA.postInline(WRITE, 0, 0, 1, -8, to.key(), data), REM_ACCESS);
        refusedWrite(
                (rig, to) -> rig.pairA.postInline(WRITE, 0, 0, 1, to.pa(),
                        rig.b.region(4096, TestNode.LOCAL_WRITE).key(), data),
                REM_ACCESS);
        refusedWrite((rig, to) -> {
            long other = rig.b.command(1);
            long key = rig.b.command(3, other, to.pa(), 4096, to.pa(), TestNode.REMOTE_WRITE);
            rig.pairA.postInline(WRITE, 0, 0, 1, to.pa(), (int) key, data);
        }, REM_ACCESS);
        refusedWrite((rig, to) -> {
            rig.b.command(4, to.key() & 0xFFFF_FFFFL);
            rig.pairA.postInline(WRITE, 0, 0, 1, to.pa(), to.key(), data);
        }, REM_ACCESS);
    }

    @Test
    void aQueuePairThatForbidsWritesRefusesThem() {
        Rig rig = new Rig();
        TestNode.Region to = rig.b.region(64, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        TestNode.Pair left = rig.pair(rig.a);
        TestNode.Pair right = rig.pair(rig.b);
        left.init();
        right.modify(1, 0);
        left.rtr(right.qpn, rig.b.ipv4, 0, 256, 1);
        right.rtr(left.qpn, rig.a.ipv4, 0, 256, 1);
        left.rts(0, 3, 7, 7);
        left.postInline(WRITE, SIGNALED, 0, 1, to.pa(), to.key(), new byte[]{1});
        left.ring();
        rig.run();
        Rig.expect(left.sends.poll(), 1, 1, REM_ACCESS);
    }

    @Test
    void aRegionThatGoesAwayInMidMessageEndsIt() {
        Rig rig = new Rig();
        TestNode.Region from = rig.a.region(100_000, 0);
        TestNode.Region to = rig.b.region(100_000, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        rig.a.ram.bytes(from.pa(), Rig.pattern(100_000, 1));
        rig.pairA.post(WRITE, SIGNALED, 0, 1, to.pa(), to.key(), new Piece(from.pa(), 100_000, from.key()));
        rig.pairA.ring();
        while (rig.b.card.counter(Counter.PAYLOAD_RECEIVED) < 20_000) {
            rig.step();
        }
        rig.b.command(4, to.key() & 0xFFFF_FFFFL);
        byte[] before = rig.b.ram.bytes(to.pa(), 100_000);
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 1, 1, REM_ACCESS);
        org.junit.jupiter.api.Assertions.assertArrayEquals(before, rig.b.ram.bytes(to.pa(), 100_000),
                "nothing lands in memory that is no longer registered");
    }

    /** An entry that A cannot send, behind two good ones and before another. */
    private static void brokenSend(BiConsumer<Rig, TestNode.Region> post, int opcode, int status) {
        Rig rig = new Rig();
        TestNode.Region from = rig.a.region(4096, 0);
        TestNode.Region to = rig.b.region(4096, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        rig.pairA.post(WRITE, SIGNALED, 0, 0, to.pa(), to.key(), new Piece(from.pa(), 4096, from.key()));
        rig.pairA.post(WRITE, 0, 0, 0, to.pa(), to.key(), new Piece(from.pa(), 4096, from.key()));
        post.accept(rig, from);
        rig.pairA.postInline(SEND, 0, 0, 2, 0, 0, new byte[]{9});
        rig.pairA.ring();
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 0, 1, 0);
        Rig.expect(rig.pairA.sends.poll(), 1, opcode, status);
        Rig.expect(rig.pairA.sends.poll(), 2, 0, FLUSH);
        assertNull(rig.pairA.sends.poll());
        assertEquals(ERR, rig.pairA.state());
        assertEquals(3, rig.pairB.state(), "the peer never hears of it");
    }

    @Test
    void entriesThatCannotBeSentFailInOrder() {
        brokenSend((rig, from) -> rig.pairA.post(SEND, 0, 0, 1, 0, 0, new Piece(from.pa(), 10, from.key() ^ 1)), 0,
                LOC_PROT);
        brokenSend((rig, from) -> rig.pairA.post(SEND, 0, 0, 1, 0, 0, new Piece(from.pa() + 4090, 10, from.key())), 0,
                LOC_PROT);
        brokenSend((rig, from) -> rig.pairA.post(SEND, 0, 0, 1, 0, 0, new Piece(from.pa(), 10, from.key()),
                new Piece(from.pa(), 10, 0)), 0, LOC_PROT);
        brokenSend((rig, from) -> rig.pairA.post(4, 0, 0, 1, 0, 0, new Piece(from.pa(), 10, from.key())), 2, LOC_QP_OP);
        brokenSend((rig, from) -> rig.pairA.post(5, 0, 0, 1, 0, 0, new Piece(from.pa(), 8, from.key())), 3, LOC_QP_OP);
        brokenSend((rig, from) -> rig.pairA.post(6, 0, 0, 1, 0, 0, new Piece(from.pa(), 8, from.key())), 4, LOC_QP_OP);
        brokenSend((rig, from) -> rig.pairA.post(200, 0, 0, 1, 0, 0, new Piece(from.pa(), 8, from.key())), 0,
                LOC_QP_OP);
        Piece[] nine = new Piece[9];
        java.util.Arrays.fill(nine, new Piece(Ram.BASE, 1, 0));
        brokenSend((rig, from) -> rig.pairA.post(SEND, 0, 0, 1, 0, 0, nine), 0, LOC_QP_OP);
        brokenSend((rig, from) -> rig.pairA.postInline(SEND, 0, 0, 1, 0, 0, new byte[193]), 0, LOC_LEN);
        brokenSend((rig, from) -> rig.pairA.post(SEND, 0, 0, 1, 0, 0, new Piece(0, -1, from.key()),
                new Piece(0, -1, from.key())), 0, LOC_LEN);
        brokenSend((rig, from) -> {
            long key = rig.a.command(3, rig.a.pd, 0, 1 << 20, 0x1000, 0);
            rig.pairA.post(SEND, 0, 0, 1, 0, 0, new Piece(0, 10, (int) key));
        }, 0, LOC_PROT);
    }

    @Test
    void aMessageLongerThanItsReceiveFailsOnBothSides() {
        Rig rig = new Rig();
        TestNode.Region from = rig.a.region(4096, 0);
        TestNode.Region to = rig.b.region(4096, TestNode.LOCAL_WRITE);
        rig.pairB.receive(5, new Piece(to.pa(), 1500, to.key()));
        rig.pairB.receive(6, new Piece(to.pa(), 1500, to.key()));
        rig.pairA.post(SEND_IMMEDIATE, SIGNALED, 0, 1, 0, 0, new Piece(from.pa(), 2000, from.key()));
        rig.pairA.ring();
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 1, 0, REM_INV_REQ);
        Rig.expect(rig.pairB.receives.poll(), 5, 128, LOC_LEN);
        Rig.expect(rig.pairB.receives.poll(), 6, 128, FLUSH);
    }

    @Test
    void aReceiveIntoMemoryThatIsNotItsOwnFailsOnBothSides() {
        for (int kind = 0; kind < 3; kind++) {
            Rig rig = new Rig();
            TestNode.Region to = rig.b.region(4096, kind == 0 ? 0 : TestNode.LOCAL_WRITE);
            Piece piece = new Piece(to.pa() + (kind == 1 ? 4090 : 0), 100, to.key() ^ (kind == 2 ? 0x100 : 0));
            rig.pairB.receive(5, piece);
            rig.pairA.postInline(SEND, SIGNALED, 0, 1, 0, 0, new byte[50]);
            rig.pairA.ring();
            rig.run();
            Rig.expect(rig.pairA.sends.poll(), 1, 0, REM_OP);
            Rig.expect(rig.pairB.receives.poll(), 5, 128, LOC_PROT);
            assertEquals(ERR, rig.pairB.state());
        }
    }

    @Test
    void aReceiveEntryWithTooManyPiecesFails() {
        Rig rig = new Rig();
        rig.pairB.receive(5);
        rig.b.ram.u32(rig.pairB.rq + 8, 4);
        rig.pairA.postInline(SEND, SIGNALED, 0, 1, 0, 0, new byte[50]);
        rig.pairA.ring();
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 1, 0, REM_OP);
        Rig.expect(rig.pairB.receives.poll(), 5, 128, LOC_QP_OP);
    }

    @Test
    void aCompletionQueueThatOverrunsEndsItsQueuePairs() {
        Rig.Plan plan = new Rig.Plan();
        plan.cqLog2 = 2;
        Rig rig = new Rig(plan);
        TestNode.Region to = rig.b.region(64, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        TestNode.Pair sharing = rig.a.new Pair(rig.pairA.sends, rig.pairA.sends, 4, 4, 0);
        sharing.init();
        for (int i = 0; i < 5; i++) {
            rig.pairA.postInline(WRITE, SIGNALED, 0, i, to.pa(), to.key(), new byte[]{1});
        }
        rig.pairA.ring();
        rig.run();
        assertEquals(1, rig.a.card.counter(Counter.CQ_OVERRUNS));
        assertEquals(ERR, rig.pairA.state());
        assertEquals(ERR, sharing.state());
        for (int i = 0; i < 4; i++) {
            Rig.expect(rig.pairA.sends.poll(), i, 1, 0);
        }
        assertNull(rig.pairA.sends.poll(), "what did not fit was not written over what was there");
        assertTrue(rig.a.card.counter(Counter.COMPLETIONS_LOST) >= 1);
    }

    @Test
    void aFullCompletionQueueThatIsReadInTimeDoesNotOverrun() {
        Rig.Plan plan = new Rig.Plan();
        plan.cqLog2 = 2;
        Rig rig = new Rig(plan);
        TestNode.Region to = rig.b.region(64, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 4; i++) {
                rig.pairA.postInline(WRITE, SIGNALED, 0, i, to.pa(), to.key(), new byte[]{1});
            }
            rig.pairA.ring();
            rig.run();
            for (int i = 0; i < 4; i++) {
                Rig.expect(rig.pairA.sends.poll(), i, 1, 0);
            }
        }
        assertEquals(0, rig.a.card.counter(Counter.CQ_OVERRUNS));
    }

    @Test
    void modifyToErrorFlushesBothQueuesInOrder() {
        Rig rig = new Rig();
        TestNode.Region to = rig.b.region(64, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        for (int i = 0; i < 20; i++) {
            rig.pairA.postInline(WRITE, 0, 0, i, to.pa(), to.key(), new byte[]{1});
            rig.pairA.receive(100 + i);
        }
        rig.pairA.ring();
        rig.pairA.modify(ERR);
        rig.run();
        for (int i = 0; i < 20; i++) {
            Rig.expect(rig.pairA.sends.poll(), i, 1, FLUSH);
            Rig.expect(rig.pairA.receives.poll(), 100 + i, 128, FLUSH);
        }
        rig.pairA.postInline(SEND, 0, 0, 50, 0, 0, new byte[1]);
        rig.pairA.ring();
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 50, 0, FLUSH);
        assertEquals(0, rig.wire.sent(0));
    }

    @Test
    void errorInMidStreamCompletesWhatWasAcknowledgedFirst() {
        Rig rig = new Rig();
        TestNode.Region from = rig.a.region(50_000, 0);
        TestNode.Region to = rig.b.region(50_000, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        for (int i = 0; i < 30; i++) {
            rig.pairA.post(WRITE, SIGNALED, 0, i, to.pa(), to.key(), new Piece(from.pa(), 5000, from.key()));
        }
        rig.pairA.ring();
        while (rig.a.card.counter(Counter.ACKS_RECEIVED) < 5) {
            rig.step();
        }
        rig.pairA.modify(ERR);
        rig.run();
        int good = 0;
        for (int i = 0; i < 30; i++) {
            TestNode.Completion got = rig.pairA.sends.poll();
            assertEquals(i, got.id());
            assertTrue(got.status() == 0 && good == i || got.status() == FLUSH, "status " + got.status() + " of " + i);
            good += got.status() == 0 ? 1 : 0;
        }
        assertTrue(good >= 5 && good < 30, good + " good");
        assertNull(rig.pairA.sends.poll());
    }

    @Test
    void afterResetAConnectionCanBeMadeAgain() {
        Rig rig = new Rig();
        TestNode.Region to = rig.b.region(64, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        rig.pairA.postInline(WRITE, SIGNALED, 0, 1, to.pa(), to.key() + 1, new byte[]{1});
        rig.pairA.ring();
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 1, 1, REM_ACCESS);
        // A stray packet and timers of the old connection may still be about.
        TestNode.Pair left = rig.a.new Pair(rig.pairA.sends, rig.pairA.receives, 4, 4, 0);
        rig.pairA.modify(0);
        rig.pairB.modify(0);
        assertEquals(0, rig.pairA.state());
        rig.a.command(8, rig.pairA.qpn);
        TestNode.Pair again = rig.a.new Pair(rig.pairA.sends, rig.pairA.receives, 4, 4, rig.pairA.qpn);
        assertEquals(rig.pairA.qpn, again.qpn);
        rig.connect(again, rig.pairB);
        again.postInline(WRITE, SIGNALED, 0, 2, to.pa(), to.key(), new byte[]{7});
        again.ring();
        rig.run();
        Rig.expect(again.sends.poll(), 2, 1, 0);
        assertEquals(7, rig.b.ram.u8(to.pa()));
        assertTrue(left.qpn != again.qpn);
    }

    @Test
    void resetInMidStreamLeavesNothingBehind() {
        for (int steps = 1; steps < 120; steps += 3) {
            Rig rig = new Rig();
            TestNode.Region from = rig.a.region(8000, 0);
            TestNode.Region to = rig.b.region(8000, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
            for (int i = 0; i < 10; i++) {
                rig.pairA.post(WRITE, SIGNALED, 0, i, to.pa(), to.key(), new Piece(from.pa(), 8000, from.key()));
            }
            rig.pairA.ring();
            for (int i = 0; i < steps; i++) {
                rig.step();
            }
            rig.pairA.modify(0);
            rig.pairB.modify(0);
            rig.run();
            // The rings start over, and so do software's indices: a new pair on the same number.
            rig.a.command(8, rig.pairA.qpn);
            rig.b.command(8, rig.pairB.qpn);
            TestNode.Pair left = rig.a.new Pair(rig.a.new Queue(4), rig.a.new Queue(4), 4, 4, rig.pairA.qpn);
            TestNode.Pair right = rig.b.new Pair(rig.b.new Queue(4), rig.b.new Queue(4), 4, 4, rig.pairB.qpn);
            rig.connect(left, right);
            rig.a.ram.bytes(from.pa(), Rig.pattern(8000, steps));
            left.post(WRITE, SIGNALED, 0, 99, to.pa(), to.key(), new Piece(from.pa(), 8000, from.key()));
            left.ring();
            rig.run();
            Rig.expect(left.sends.poll(), 99, 1, 0);
            org.junit.jupiter.api.Assertions.assertArrayEquals(Rig.pattern(8000, steps),
                    rig.b.ram.bytes(to.pa(), 8000));
        }
    }

    /** B completes sends of its own while a message for it fails, at every distance in time. */
    @Test
    void receivesCompleteInOrderWhenTheConnectionEnds() {
        for (int delayNs = 0; delayNs < 2500; delayNs += 25) {
            Rig rig = new Rig();
            TestNode.Region from = rig.a.region(4096, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
            TestNode.Region to = rig.b.region(4096, TestNode.LOCAL_WRITE);
            for (int i = 0; i < 10; i++) {
                rig.pairB.receive(i, new Piece(to.pa(), 2000, to.key()));
            }
            for (int i = 0; i < 6; i++) {
                int length = i == 5 ? 2001 : 1000;
                rig.pairA.post(SEND, SIGNALED, 0, i, 0, 0, new Piece(from.pa(), length, from.key()));
            }
            for (int i = 0; i < 12; i++) {
                rig.pairB.postInline(WRITE, SIGNALED, 0, 50 + i, from.pa(), from.key(), new byte[8]);
            }
            rig.pairA.ring();
            long b = rig.b.nowPs() + delayNs * 1000L;
            rig.b.card.store(b, RdmaCard.UAR_AT + RdmaCard.UAR_BYTES * TestNode.UAR, 8,
                    (long) rig.pairB.qpn << 32 | 12);
            rig.run();
            for (int i = 0; i < 10; i++) {
                Rig.expect(rig.pairB.receives.poll(), i, 128, i < 5 ? 0 : i == 5 ? LOC_LEN : FLUSH);
            }
            for (int i = 0; i < 12; i++) {
                assertEquals(50 + i, rig.pairB.sends.poll().id());
            }
        }
    }
}
