package calvin.machine.nic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import calvin.machine.nic.TestNode.Piece;

/**
 * A fixed set of messages in both directions over one connection, and the check that each arrived once, whole and in
 * order.
 */
final class Exchange {
    private static final int[] SIZES = {8, 0, 700, 256, 1, 257, 1024, 333, 512, 1500};
    private static final int SLOT_BYTES = 2048;
    // Wireshark takes a payload of 06 00 00 00, one byte and its padding, for an encapsulated Ethernet type.
    private static final int SEED_A = 41;
    private static final int SEED_B = 42;
    private static final int MEMORY_BYTES = 2 * SLOT_BYTES * SIZES.length;

    private final Rig rig;
    private final TestNode.Region memoryA;
    private final TestNode.Region memoryB;

    Exchange(Rig rig) {
        this.rig = rig;
        memoryA = rig.a.region(MEMORY_BYTES, TestNode.LOCAL_WRITE | TestNode.REMOTE_WRITE);
        memoryB = rig.b.region(MEMORY_BYTES, TestNode.LOCAL_WRITE | TestNode.REMOTE_WRITE);
    }

    static Rig.Plan plan() {
        Rig.Plan plan = new Rig.Plan();
        plan.mtu = 256;
        plan.ramBytes = 160 << 10;
        plan.cqLog2 = 5;
        plan.sqLog2 = 4;
        plan.rqLog2 = 4;
        plan.trace = false;
        return plan;
    }

    /** Posts everything and rings both doorbells. */
    void begin() {
        post(rig.a, rig.pairA, memoryA, memoryB, SEED_A);
        post(rig.b, rig.pairB, memoryB, memoryA, SEED_B);
        rig.pairA.ring();
        rig.pairB.ring();
    }

    private static int opcode(int message) {
        return message % 4;
    }

    private static void post(TestNode node, TestNode.Pair pair, TestNode.Region mine, TestNode.Region theirs,
            int seed) {
        for (int i = 0; i < SIZES.length; i++) {
            node.ram.bytes(mine.pa() + (long) SLOT_BYTES * i, Rig.pattern(SIZES[i], seed + i));
            // The peer's messages land in my upper half.
            if (opcode(i) != Rig.WRITE) {
                pair.receive(500 + i,
                        new Piece(mine.pa() + (long) SLOT_BYTES * (SIZES.length + i), SLOT_BYTES, mine.key()));
            }
            pair.post(opcode(i), i % 3 == 2 ? 0 : Rig.SIGNALED, i, i,
                    theirs.pa() + (long) SLOT_BYTES * (SIZES.length + i), theirs.key(),
                    new Piece(mine.pa() + (long) SLOT_BYTES * i, SIZES[i], mine.key()));
        }
    }

    void check(String what) {
        check(what, rig.a, rig.pairA, memoryA, SEED_B);
        check(what, rig.b, rig.pairB, memoryB, SEED_A);
        assertEquals(3, rig.pairA.state(), what);
        assertEquals(3, rig.pairB.state(), what);
        assertEquals(rig.pairA.nextPsn(), rig.pairB.expectedPsn(), what);
        assertEquals(rig.pairB.nextPsn(), rig.pairA.expectedPsn(), what);
    }

    private static void check(String what, TestNode node, TestNode.Pair pair, TestNode.Region mine, int seed) {
        for (int i = 0; i < SIZES.length; i++) {
            if (i % 3 != 2) {
                Rig.expect(pair.sends.poll(), i, opcode(i) >= Rig.SEND ? 0 : 1, 0);
            }
            if (opcode(i) != Rig.WRITE) {
                TestNode.Completion got = pair.receives.poll();
                Rig.expect(got, 500 + i, opcode(i) >= Rig.SEND ? 128 : 129, 0);
                assertEquals(SIZES[i], got.byteLen(), what);
            }
            long at = mine.pa() + (long) SLOT_BYTES * (SIZES.length + i);
            byte[] expected = java.util.Arrays.copyOf(Rig.pattern(SIZES[i], seed + i), SLOT_BYTES);
            // WRITE with immediate takes a receive of its own; both name the same place here, so nothing else may be
            // there.
            assertArrayEquals(expected, node.ram.bytes(at, SLOT_BYTES), what + ", message " + i);
        }
        assertNull(pair.sends.poll(), what);
        assertNull(pair.receives.poll(), what);
    }
}
