package calvin.machine.nic;

import static calvin.machine.nic.Rig.SEND;
import static calvin.machine.nic.Rig.SEND_IMMEDIATE;
import static calvin.machine.nic.Rig.SIGNALED;
import static calvin.machine.nic.Rig.WRITE;
import static calvin.machine.nic.Rig.WRITE_IMMEDIATE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import calvin.machine.nic.TestNode.Piece;
import calvin.machine.nic.verbs.Counter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransferTest {
    private static final int MAX = 300_000;

    private static int[] sizes(int mtu) {
        return new int[]{0, 1, 2, 3, 4, 5, 63, mtu - 1, mtu, mtu + 1, 2 * mtu - 1, 2 * mtu, 2 * mtu + 1, 3 * mtu + 17,
            70 * mtu + 3};
    }

    private static Rig rig(int mtu) {
        Rig.Plan plan = new Rig.Plan();
        plan.mtu = mtu;
        return new Rig(plan);
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 512, 1024, 2048, 4096})
    void messagesOfAllSizesArrive(int mtu) {
        Rig rig = rig(mtu);
        TestNode.Region from = rig.a.region(MAX, TestNode.LOCAL_WRITE);
        TestNode.Region to = rig.b.region(MAX, TestNode.LOCAL_WRITE | TestNode.REMOTE_WRITE);
        int id = 100;
        for (int size : sizes(mtu)) {
            for (int opcode = WRITE; opcode <= SEND_IMMEDIATE; opcode++) {
                byte[] data = Rig.pattern(size, id);
                rig.a.ram.bytes(from.pa(), data);
                rig.b.ram.bytes(to.pa(), new byte[MAX]);
                boolean receives = opcode != WRITE;
                if (receives) {
                    rig.pairB.receive(id + 1, new Piece(to.pa() + 64, MAX - 64, to.key()));
                }
                rig.pairA.post(opcode, SIGNALED, 0xCAFE_0000L + id, id, to.pa() + 64, to.key(),
                        new Piece(from.pa(), size, from.key()));
                rig.pairA.ring();
                rig.run();
                String what = "opcode " + opcode + ", " + size + " bytes, MTU " + mtu;
                Rig.expect(rig.pairA.sends.poll(), id, opcode >= SEND ? 0 : 1, 0);
                if (receives) {
                    TestNode.Completion got = rig.pairB.receives.poll();
                    Rig.expect(got, id + 1, opcode >= SEND ? 128 : 129, 0);
                    boolean immediate = opcode != SEND;
                    assertEquals(size, got.byteLen(), what);
                    assertEquals(immediate ? 2 : 0, got.flags(), what);
                    assertEquals(immediate ? 0xCAFE_0000L + id : 0, got.immediate(), what);
                    assertEquals(rig.pairB.qpn, got.qpn());
                }
                assertArrayEquals(data, rig.b.ram.bytes(to.pa() + 64, size), what);
                assertEquals(0, rig.b.ram.u8(to.pa() + 64 + size), "byte behind the message, " + what);
                assertEquals(0, rig.b.ram.u8(to.pa() + 63), "byte before the message, " + what);
                assertNull(rig.pairB.receives.poll());
                id += 2;
            }
        }
        assertEquals(0, rig.a.card.counter(Counter.RETRANSMITS));
        assertEquals(rig.pairA.nextPsn(), rig.pairB.expectedPsn());
    }

    @Test
    void gatherAndScatterListsAreFollowed() {
        Rig rig = rig(256);
        TestNode.Region from = rig.a.region(4096, 0);
        TestNode.Region to = rig.b.region(4096, TestNode.LOCAL_WRITE);
        rig.a.ram.bytes(from.pa(), Rig.pattern(4096, 3));
        rig.pairB.receive(1, new Piece(to.pa(), 300, to.key()), new Piece(to.pa() + 1000, 1, to.key()),
                new Piece(to.pa() + 2000, 1000, to.key()));
        Piece[] pieces = new Piece[8];
        byte[] expected = new byte[1100];
        int at = 0;
        for (int i = 0; i < 8; i++) {
            int length = i == 3 ? 0 : 100 + 15 * i;
            pieces[i] = new Piece(from.pa() + 400L * i, length, from.key());
            System.arraycopy(rig.a.ram.bytes(from.pa() + 400L * i, length), 0, expected, at, length);
            at += length;
        }
        rig.pairA.post(SEND, SIGNALED, 0, 2, 0, 0, pieces);
        rig.pairA.ring();
        rig.run();
        TestNode.Completion got = rig.pairB.receives.poll();
        Rig.expect(got, 1, 128, 0);
        assertEquals(at, got.byteLen());
        assertArrayEquals(java.util.Arrays.copyOfRange(expected, 0, 300), rig.b.ram.bytes(to.pa(), 300));
        assertArrayEquals(java.util.Arrays.copyOfRange(expected, 300, 301), rig.b.ram.bytes(to.pa() + 1000, 1));
        assertArrayEquals(java.util.Arrays.copyOfRange(expected, 301, at), rig.b.ram.bytes(to.pa() + 2000, at - 301));
        assertEquals(0, rig.b.ram.u8(to.pa() + 300));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 64, 192})
    void inlineDataNeedsNoRegion(int size) {
        Rig rig = new Rig();
        TestNode.Region to = rig.b.region(4096, TestNode.LOCAL_WRITE | TestNode.REMOTE_WRITE);
        byte[] data = Rig.pattern(size, 9);
        rig.pairB.receive(5, new Piece(to.pa(), 256, to.key()));
        rig.pairA.postInline(SEND, SIGNALED, 0, 1, 0, 0, data);
        rig.pairA.postInline(WRITE, SIGNALED, 0, 2, to.pa() + 1024, to.key(), data);
        rig.pairA.ring();
        rig.run();
        Rig.expect(rig.pairA.sends.poll(), 1, 0, 0);
        Rig.expect(rig.pairA.sends.poll(), 2, 1, 0);
        assertArrayEquals(data, rig.b.ram.bytes(to.pa(), size));
        assertArrayEquals(data, rig.b.ram.bytes(to.pa() + 1024, size));
    }

    @Test
    void onlySignaledSendsComplete() {
        Rig rig = new Rig();
        TestNode.Region to = rig.b.region(4096, TestNode.REMOTE_WRITE | TestNode.LOCAL_WRITE);
        for (int i = 0; i < 40; i++) {
            rig.pairA.postInline(WRITE, i % 8 == 7 ? SIGNALED : 0, 0, i, to.pa(), to.key(), new byte[]{(byte) i});
        }
        rig.pairA.ring();
        rig.run();
        for (int i = 7; i < 40; i += 8) {
            Rig.expect(rig.pairA.sends.poll(), i, 1, 0);
        }
        assertNull(rig.pairA.sends.poll());
        assertEquals(39, rig.b.ram.u8(to.pa()));
    }

    @Test
    void ringsWrapManyTimes() {
        Rig.Plan plan = new Rig.Plan();
        plan.cqLog2 = 2;
        plan.sqLog2 = 2;
        plan.rqLog2 = 1;
        Rig rig = new Rig(plan);
        TestNode.Region to = rig.b.region(64, TestNode.LOCAL_WRITE);
        for (int i = 0; i < 50; i++) {
            rig.pairB.receive(1000 + i, new Piece(to.pa(), 64, to.key()));
            rig.pairA.postInline(SEND_IMMEDIATE, SIGNALED, i, i, 0, 0, new byte[]{(byte) i});
            rig.pairA.ring();
            rig.run();
            Rig.expect(rig.pairA.sends.poll(), i, 0, 0);
            TestNode.Completion got = rig.pairB.receives.poll();
            Rig.expect(got, 1000 + i, 128, 0);
            assertEquals(i, got.immediate());
            assertEquals(i, rig.b.ram.u8(to.pa()));
        }
        assertEquals(0, rig.b.card.counter(Counter.RNR_NAKS_SENT));
    }

    @Test
    void bothDirectionsAndSeveralQueuePairsWorkAtOnce() {
        Rig rig = new Rig();
        int pairs = 6;
        TestNode.Pair[] left = new TestNode.Pair[pairs];
        TestNode.Pair[] right = new TestNode.Pair[pairs];
        TestNode.Region memoryA = rig.a.region(400_000, TestNode.LOCAL_WRITE | TestNode.REMOTE_WRITE);
        TestNode.Region memoryB = rig.b.region(400_000, TestNode.LOCAL_WRITE | TestNode.REMOTE_WRITE);
        rig.a.ram.bytes(memoryA.pa(), Rig.pattern(200_000, 1));
        rig.b.ram.bytes(memoryB.pa(), Rig.pattern(200_000, 2));
        for (int i = 0; i < pairs; i++) {
            left[i] = rig.pair(rig.a);
            right[i] = rig.pair(rig.b);
            rig.connect(left[i], right[i]);
            for (int m = 0; m < 10; m++) {
                int at = 30_000 * i + 3000 * m;
                int length = 3000 - m;
                left[i].post(WRITE, SIGNALED, 0, m, memoryB.pa() + 200_000 + at, memoryB.key(),
                        new Piece(memoryA.pa() + at, length, memoryA.key()));
                right[i].post(WRITE, SIGNALED, 0, m, memoryA.pa() + 200_000 + at, memoryA.key(),
                        new Piece(memoryB.pa() + at, length, memoryB.key()));
            }
            left[i].ring();
            right[i].ring();
        }
        rig.run();
        for (int i = 0; i < pairs; i++) {
            for (int m = 0; m < 10; m++) {
                Rig.expect(left[i].sends.poll(), m, 1, 0);
                Rig.expect(right[i].sends.poll(), m, 1, 0);
                int at = 30_000 * i + 3000 * m;
                int length = 3000 - m;
                assertArrayEquals(rig.a.ram.bytes(memoryA.pa() + at, length),
                        rig.b.ram.bytes(memoryB.pa() + 200_000 + at, length));
                assertArrayEquals(rig.b.ram.bytes(memoryB.pa() + at, length),
                        rig.a.ram.bytes(memoryA.pa() + 200_000 + at, length));
            }
        }
        assertEquals(0, rig.a.card.counter(Counter.RETRANSMITS) + rig.b.card.counter(Counter.RETRANSMITS));
    }

    @Test
    void aCardReachesItselfWithoutTheWire() {
        Rig rig = new Rig();
        TestNode.Pair one = rig.pair(rig.a);
        TestNode.Pair two = rig.pair(rig.a);
        TestNode.Region memory = rig.a.region(20_000, TestNode.LOCAL_WRITE | TestNode.REMOTE_WRITE);
        one.init();
        two.init();
        one.rtr(two.qpn, rig.a.ipv4, 0, 1024, 1);
        two.rtr(one.qpn, rig.a.ipv4, 0, 1024, 1);
        one.rts(0, 5, 7, 7);
        two.rts(0, 5, 7, 7);
        rig.a.ram.bytes(memory.pa(), Rig.pattern(9000, 4));
        two.receive(8, new Piece(memory.pa() + 10_000, 9000, memory.key()));
        one.post(SEND, SIGNALED, 0, 7, 0, 0, new Piece(memory.pa(), 9000, memory.key()));
        one.ring();
        rig.run();
        Rig.expect(one.sends.poll(), 7, 0, 0);
        Rig.expect(two.receives.poll(), 8, 128, 0);
        assertArrayEquals(Rig.pattern(9000, 4), rig.a.ram.bytes(memory.pa() + 10_000, 9000));
        assertEquals(0, rig.wire.sent(0));
        assertEquals(10, rig.a.card.counter(Counter.FRAMES_LOOPED));
    }
}
