package calvin.machine.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.nic.TestNode.Piece;
import calvin.machine.nic.roce.DropReason;
import calvin.machine.nic.verbs.CardSpec;
import calvin.machine.nic.verbs.Counter;
import calvin.sim.seed.Seed;
import org.junit.jupiter.api.Test;

class IsolationTest {
    /** The least of everything: each pipeline is full most of the time. */
    private static CardSpec tiny() {
        CardSpec big = CardSpec.connectX5Class();
        return new CardSpec(16, 64, 8, 2, 1, 2, 1, 1, 8192, 2, 8, big.doorbellPs(), big.dmaReadPs(), big.dmaReadBps(),
                big.dmaWritePs(), big.dmaWriteBps(), big.transmitPs(), big.receivePs(), big.packetGapPs(),
                big.completionPs(), big.loopbackPs());
    }

    @Test
    void theSmallestCardWorksToo() {
        for (int seed = 0; seed < 30; seed++) {
            Rig.Plan plan = Exchange.plan();
            plan.spec = tiny();
            Rig rig = new Rig(plan);
            Seed draws = new Seed(seed).child("loss");
            int percent = seed % 3 * 4;
            rig.wire.hand = (port, ordinal, frame, deliver) -> {
                if (draws.drawBelow(2 * ordinal + port, 100) >= percent) {
                    deliver.accept(frame);
                }
            };
            Exchange exchange = new Exchange(rig);
            exchange.begin();
            rig.run();
            exchange.check("seed " + seed);
        }
    }

    @Test
    void manyQueuePairsShareTheSmallestCard() {
        Rig.Plan plan = new Rig.Plan();
        plan.spec = tiny();
        plan.mtu = 256;
        Rig rig = new Rig(plan);
        TestNode.Region from = rig.a.region(1000, 0);
        TestNode.Region to = rig.b.region(16_000, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        rig.a.ram.bytes(from.pa(), Rig.pattern(1000, 5));
        TestNode.Pair[] pairs = new TestNode.Pair[15];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = rig.pair(rig.a);
            rig.connect(pairs[i], rig.pair(rig.b));
            for (int m = 0; m < 20; m++) {
                pairs[i].post(Rig.WRITE, Rig.SIGNALED, 0, m, to.pa() + 1000L * i, to.key(),
                        new Piece(from.pa(), 50 * m, from.key()));
            }
            pairs[i].ring();
        }
        rig.run();
        for (int i = 0; i < pairs.length; i++) {
            for (int m = 0; m < 20; m++) {
                Rig.expect(pairs[i].sends.poll(), m, 1, 0);
            }
        }
    }

    /** Peers that never answer, on connections without a timeout, hold all they can for ever. Others go on. */
    @Test
    void deadPeersDoNotStopLiveOnes() {
        Rig.Plan plan = new Rig.Plan();
        plan.cqLog2 = 4;
        plan.sqLog2 = 9;
        plan.rqLog2 = 0;
        plan.ramBytes = 8 << 20;
        Rig rig = new Rig(plan);
        TestNode.Region from = rig.a.region(100_000, 0);
        TestNode.Region to = rig.b.region(100_000, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        for (int i = 0; i < 40; i++) {
            TestNode.Pair dead = rig.pair(rig.a);
            dead.init();
            dead.rtr(5000 + i, rig.b.ipv4, 0, 1024, 1);
            dead.rts(0, 0, 7, 7);
            for (int m = 0; m < 300; m++) {
                int length = i % 2 == 0 ? 8 : 100_000;
                dead.post(Rig.WRITE, 0, 0, m, to.pa(), to.key(), new Piece(from.pa(), length, from.key()));
            }
            dead.ring();
        }
        rig.run();
        assertTrue(rig.b.card.dropped(DropReason.NO_QUEUE_PAIR) > 500);
        for (int i = 0; i < 200; i++) {
            rig.pairA.postInline(Rig.WRITE, i % 10 == 9 ? Rig.SIGNALED : 0, 0, i, to.pa(), to.key(), new byte[]{7});
        }
        long began = rig.a.nowPs();
        rig.pairA.ring();
        int polled = 0;
        while (polled < 20) {
            TestNode.Completion got = rig.pairA.sends.poll();
            if (got == null) {
                assertTrue(rig.lane.queue().size() > 0, "nothing happens any more after " + polled + " completions");
                rig.step();
            } else {
                Rig.expect(got, 10L * polled + 9, 1, 0);
                polled++;
            }
        }
        long took = rig.a.nowPs() - began;
        // One message at a time when others have taken the rest: some 2.5 us each.
        assertTrue(took < 600_000_000, "took " + took);
    }

    @Test
    void aSlowMemoryDropsPacketsAndLosesNone() {
        CardSpec big = CardSpec.connectX5Class();
        Rig.Plan plan = new Rig.Plan();
        plan.spec = new CardSpec(16, 64, 8, 2, 64, 128, 32, 4, 16_384, 64, 8, big.doorbellPs(), big.dmaReadPs(),
                big.dmaReadBps(), big.dmaWritePs(), 2_000_000_000L, big.transmitPs(), big.receivePs(),
                big.packetGapPs(), big.completionPs(), big.loopbackPs());
        Rig rig = new Rig(plan);
        TestNode.Region from = rig.a.region(200_000, 0);
        TestNode.Region to = rig.b.region(200_000, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        rig.a.ram.bytes(from.pa(), Rig.pattern(200_000, 1));
        rig.pairA.post(Rig.WRITE, Rig.SIGNALED, 0, 1, to.pa(), to.key(), new Piece(from.pa(), 200_000, from.key()));
        rig.pairA.ring();
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 1, 1, 0);
        assertTrue(rig.b.card.dropped(DropReason.RECEIVE_OVERRUN) > 0);
        assertTrue(rig.a.card.counter(Counter.RETRANSMITS) > 0);
        org.junit.jupiter.api.Assertions.assertArrayEquals(Rig.pattern(200_000, 1), rig.b.ram.bytes(to.pa(), 200_000));
        assertEquals(3, rig.pairB.state());
    }
}
