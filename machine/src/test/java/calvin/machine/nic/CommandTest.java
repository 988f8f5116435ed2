package calvin.machine.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.RegisterMap;
import calvin.machine.nic.verbs.CardSpec;
import calvin.machine.nic.verbs.Counter;
import org.junit.jupiter.api.Test;

class CommandTest {
    private static final int ENOENT = 2;
    private static final int ENOMEM = 12;
    private static final int EBUSY = 16;
    private static final int EINVAL = 22;

    private final Rig rig = new Rig();
    private final TestNode a = rig.a;

    @Test
    void theCardIdentifiesItself() {
        assertEquals(0x494E5643L, a.card.load(0, 0, 4));
        assertEquals(1, a.card.load(0, 4, 4));
        assertEquals(0x0200_0A00_0001L, a.card.load(0, 8, 8));
        assertEquals(0x0A00_0001L, a.card.load(0, 0x10, 4));
        assertEquals(256, a.card.load(0, 0x14, 4));
        assertEquals(192, a.card.load(0, 0x24, 4));
        assertEquals(4096, a.card.load(0, 0x28, 4));
        assertEquals(0, a.card.load(0, 0x10_0000, 8));
    }

    @Test
    void registersAreDeclared() {
        RegisterMap map = a.card.registers();
        assertEquals(0x20_0000, map.sizeBytes());
        for (int page = 0; page < 256; page++) {
            assertNotNull(map.find(0x10_0000 + 4096 * page, 8));
            assertNotNull(map.find(0x10_0020 + 4096 * page, 8));
            assertNull(map.find(0x10_0000 + 4096 * page, 4));
        }
        assertNull(map.find(0x10_0008, 8));
        assertNull(map.find(0x1F_FFF8, 8));
        assertNotNull(map.find(0x138, 8));
        assertNotNull(map.find(0x140, 4));
    }

    @Test
    void commandsRefuseWhatIsNotThere() {
        assertEquals(EINVAL, a.errno(0));
        assertEquals(EINVAL, a.errno(11));
        assertEquals(ENOENT, a.errno(2, 99));
        assertEquals(ENOENT, a.errno(2, 0));
        assertEquals(ENOENT, a.errno(2, -1));
        assertEquals(ENOENT, a.errno(3, 99, 0, 1, 0, 0));
        assertEquals(ENOENT, a.errno(4, 0));
        assertEquals(ENOENT, a.errno(4, 0xFFFF_FFFFL));
        assertEquals(ENOENT, a.errno(6, 77));
        assertEquals(ENOENT, a.errno(8, 0));
        assertEquals(ENOENT, a.errno(8, 12345));
        assertEquals(ENOENT, a.errno(9, 12345));
        assertEquals(ENOENT, a.errno(10, 1L << 40));
        assertEquals(ENOENT, a.errno(7, a.pd, 55, 0, 0, 0, 0, 0, 0));
        assertTrue(a.card.counter(Counter.COMMANDS_REFUSED) >= 13);
    }

    @Test
    void commandsRefuseImpossibleArguments() {
        long pa = a.ram.allocate(4096);
        assertEquals(EINVAL, a.errno(3, a.pd, pa, 0, pa, 0), "empty region");
        assertEquals(EINVAL, a.errno(3, a.pd, pa, -1, pa, 0), "length");
        assertEquals(EINVAL, a.errno(3, a.pd, -4, 8, pa, 0), "va wraps");
        assertEquals(EINVAL, a.errno(3, a.pd, pa, 8, pa, 16), "unknown access");
        assertEquals(EINVAL, a.errno(5, pa, 23, pa, 0), "log2");
        assertEquals(EINVAL, a.errno(5, 0, 4, pa, 0), "ring is no memory");
        assertEquals(EINVAL, a.errno(5, pa, 20, pa, 0), "ring ends beyond memory");
        assertEquals(EINVAL, a.errno(5, pa, 4, 0, 0), "record is no memory");
        assertEquals(EINVAL, a.errno(5, pa, 4, pa, 256), "uar");
        long cq = a.command(5, pa, 4, pa, 255);
        assertEquals(EINVAL, a.errno(7, a.pd, cq | cq << 32, pa, 16, pa, 2, pa, 0), "log2 SQ");
        assertEquals(EINVAL, a.errno(7, a.pd, cq | cq << 32, pa, 2, pa, 16, pa, 0), "log2 RQ");
        assertEquals(EINVAL, a.errno(7, a.pd | 256L << 32, cq | cq << 32, pa, 2, pa, 2, pa, 0), "uar");
        assertEquals(EINVAL, a.errno(7, a.pd, cq | cq << 32, pa, 2, pa, 2, pa, 16), "qpn");
        assertEquals(EINVAL, a.errno(7, a.pd, cq | cq << 32, pa, 2, pa, 2, pa, 0xFF_FFFF), "qpn");
    }

    @Test
    void wantedNumbersAreGivenOnce() {
        TestNode.Queue cq = a.new Queue(3);
        TestNode.Pair pair = a.new Pair(cq, cq, 2, 2, 0xABCDE);
        assertEquals(0xABCDE, pair.qpn);
        assertEquals(EBUSY,
                a.errno(7, a.pd, cq.cqn | (long) cq.cqn << 32, pair.sq, 2, pair.rq, 2, pair.record, 0xABCDE));
        a.command(8, 0xABCDE);
        assertEquals(0xABCDE, a.new Pair(cq, cq, 2, 2, 0xABCDE).qpn);
    }

    @Test
    void whatIsInUseStays() {
        assertEquals(EBUSY, a.errno(2, a.pd));
        assertEquals(EBUSY, a.errno(6, rig.pairA.sends.cqn));
        a.command(8, rig.pairA.qpn);
        a.command(6, rig.pairA.sends.cqn);
        a.command(6, rig.pairA.receives.cqn);
        TestNode.Region region = a.region(64, 0);
        assertEquals(EBUSY, a.errno(2, a.pd));
        a.command(4, region.key() & 0xFFFF_FFFFL);
        a.command(2, a.pd);
        assertEquals(ENOENT, a.errno(2, a.pd));
    }

    @Test
    void roomEndsWithEnomemAndComesBack() {
        Rig.Plan plan = new Rig.Plan();
        plan.spec = CardSpec.connectX5Class().withQueuePairs(3);
        Rig small = new Rig(plan);
        TestNode.Queue cq = small.a.new Queue(3);
        TestNode.Pair two = small.a.new Pair(cq, cq, 2, 2, 0);
        TestNode.Pair three = small.a.new Pair(cq, cq, 2, 2, 0);
        assertEquals(ENOMEM,
                small.a.errno(7, small.a.pd, cq.cqn | (long) cq.cqn << 32, two.sq, 2, two.rq, 2, two.record, 0));
        small.a.command(8, two.qpn);
        TestNode.Pair again = small.a.new Pair(cq, cq, 2, 2, 0);
        assertNotEquals(three.qpn, again.qpn);
    }

    @Test
    void aRegisteredAgainRegionHasAnotherKey() {
        TestNode.Region first = a.region(64, 0);
        a.command(4, first.key() & 0xFFFF_FFFFL);
        TestNode.Region second = a.region(64, 0);
        assertEquals(first.key() >>> 8, second.key() >>> 8);
        assertNotEquals(first.key(), second.key());
        assertEquals(ENOENT, a.errno(4, first.key() & 0xFFFF_FFFFL));
    }

    @Test
    void statesFollowTheTable() {
        int[][] allowed = {{1, 0, 6}, {1, 2, 0, 6}, {3, 0, 6}, {3, 4, 0, 6}, {3, 4, 0, 6}, {}, {0, 6}};
        long peer = 18 | 7L << 32;
        for (int from : new int[]{0, 1, 2, 3, 4, 6}) {
            for (int to = 0; to <= 7; to++) {
                TestNode.Pair pair = rig.pair(a);
                bring(pair, from);
                long[] rest = to == 2 ? new long[]{peer, 0x0A00_0002L, 2, 1024} : new long[]{0, 0, 0, 0};
                int errno = a.errno(9, pair.qpn | (long) to << 32, rest[0], rest[1], rest[2], rest[3]);
                int wanted = to;
                boolean may = java.util.Arrays.stream(allowed[from]).anyMatch(s -> s == wanted);
                assertEquals(may ? 0 : EINVAL, errno, from + " to " + to);
                assertEquals(may ? to : from, pair.state(), from + " to " + to);
                rig.run();
                a.command(8, pair.qpn);
                a.command(6, pair.sends.cqn);
                a.command(6, pair.receives.cqn);
            }
        }
    }

    private static void bring(TestNode.Pair pair, int state) {
        if (state == 6) {
            pair.modify(6);
            return;
        }
        for (int s = 1; s <= state; s++) {
            switch (s) {
                case 1 -> pair.init();
                case 2 -> pair.rtr(18, 0x0A00_0002, 7, 1024, 1);
                case 3 -> pair.rts(9, 3, 7, 7);
                default -> pair.modify(s);
            }
        }
    }

    @Test
    void queryTellsStateAndPsns() {
        assertEquals(3 | (long) rig.plan.psnA << 8 | (long) rig.plan.psnB << 32, a.command(10, rig.pairA.qpn));
    }

    @Test
    void doorbellsOfOthersAreIgnored() {
        TestNode.Region to = rig.b.region(64, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        rig.pairA.postInline(Rig.WRITE, Rig.SIGNALED, 0, 1, to.pa(), to.key(), new byte[]{5});
        rig.pairA.ringPage(TestNode.UAR + 1, 1);
        rig.pairA.ringPage(0, 1);
        rig.pairA.ringPage(TestNode.UAR, 65);
        rig.pairA.ringPage(TestNode.UAR, -1);
        a.card.store(a.nowPs(), 0x10_0000 + 4096 * TestNode.UAR, 8, 999L << 32 | 1);
        a.card.store(a.nowPs(), 0x10_0020 + 4096 * TestNode.UAR, 8, 1);
        rig.run();
        assertEquals(5, a.card.counter(Counter.DOORBELLS_REFUSED));
        assertEquals(0, a.card.counter(Counter.DOORBELLS));
        assertEquals(1, a.card.counter(Counter.CQ_ARMS));
        assertEquals(0, rig.wire.sent(0));
        rig.pairA.ring();
        rig.run();
        assertEquals(1, a.card.counter(Counter.DOORBELLS));
        Rig.expect(rig.pairA.sends.poll(), 1, 1, 0);
    }

    @Test
    void whatIsRungBeforeRtsIsSentThen() {
        TestNode.Pair left = rig.pair(a);
        TestNode.Pair right = rig.pair(rig.b);
        TestNode.Region to = rig.b.region(64, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        left.init();
        right.init();
        left.rtr(right.qpn, rig.b.ipv4, 0, 256, 1);
        right.rtr(left.qpn, a.ipv4, 0, 256, 1);
        left.postInline(Rig.WRITE, Rig.SIGNALED, 0, 1, to.pa(), to.key(), new byte[]{5});
        left.ring();
        rig.run();
        assertEquals(0, rig.wire.sent(0));
        left.rts(0, 3, 7, 7);
        rig.run();
        Rig.expect(left.sends.poll(), 1, 1, 0);
    }

    @Test
    void sqdEndsTheMessageAndWaits() {
        TestNode.Region from = a.region(50_000, 0);
        TestNode.Region to = rig.b.region(50_000, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        for (int i = 0; i < 3; i++) {
            rig.pairA.post(Rig.WRITE, Rig.SIGNALED, 0, i, to.pa(), to.key(),
                    new TestNode.Piece(from.pa(), 50_000, from.key()));
        }
        rig.pairA.ring();
        while (a.card.counter(Counter.PACKETS_SENT) < 10) {
            rig.step();
        }
        rig.pairA.modify(4);
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 0, 1, 0);
        assertNull(rig.pairA.sends.poll());
        assertEquals(49, a.card.counter(Counter.PACKETS_SENT));
        rig.pairA.modify(3);
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 1, 1, 0);
        Rig.expect(rig.pairA.sends.poll(), 2, 1, 0);
    }
}
