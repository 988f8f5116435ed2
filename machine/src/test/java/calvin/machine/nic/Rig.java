package calvin.machine.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.nic.verbs.CardSpec;
import calvin.sim.event.Lane;
import calvin.sim.state.StateHash;
import calvin.sim.state.Stateful;
import calvin.sim.trace.TraceKind;
import java.util.ArrayList;
import java.util.List;

/** Two nodes on one lane with a wire between them, and a connected pair of queue pairs. */
final class Rig {
    static final long LATENCY_PS = 650_000;
    static final int SEND = 2;
    static final int SEND_IMMEDIATE = 3;
    static final int WRITE = 0;
    static final int WRITE_IMMEDIATE = 1;
    static final int SIGNALED = 2;
    static final int SOLICITED = 4;
    /** 4.096 us * 2^3. */
    static final int TIMEOUT_CODE = 3;

    /** One trace record. */
    record Record(TraceKind kind, long timePs, int component, long a, long b, long c) {}

    /** How a rig is built. */
    static final class Plan {
        CardSpec spec = CardSpec.connectX5Class();
        int ramBytes = 2 << 20;
        int mtu = 1024;
        int cqLog2 = 8;
        int sqLog2 = 6;
        int rqLog2 = 6;
        int retries = 7;
        int rnrRetries = 7;
        int rnrCode = 1;
        int timeoutCode = TIMEOUT_CODE;
        int psnA = 0xFF_FFFE;
        int psnB = 5;
        boolean trace = true;
    }

    final Plan plan;
    final Lane lane = new Lane("test");
    final List<Record> records = new ArrayList<>();
    final TestWire wire;
    final TestNode a;
    final TestNode b;
    TestNode.Pair pairA;
    TestNode.Pair pairB;

    Rig(Plan plan) {
        this.plan = plan;
        wire = new TestWire(lane, LATENCY_PS);
        a = node(0);
        b = node(1);
        pairA = pair(a);
        pairB = pair(b);
        connect(pairA, pairB);
    }

    Rig() {
        this(new Plan());
    }

    private TestNode node(int number) {
        return new TestNode(number, lane, wire, plan.spec, (kind, timePs, component, x, y, z) -> {
            if (plan.trace) {
                records.add(new Record(kind, timePs, component, x, y, z));
            }
        }, plan.ramBytes);
    }

    TestNode.Pair pair(TestNode node) {
        return node.new Pair(node.new Queue(plan.cqLog2), node.new Queue(plan.cqLog2), plan.sqLog2, plan.rqLog2, 0);
    }

    /** {@code left} on node a, {@code right} on node b. */
    void connect(TestNode.Pair left, TestNode.Pair right) {
        left.init();
        right.init();
        left.rtr(right.qpn, b.ipv4, plan.psnB, plan.mtu, plan.rnrCode);
        right.rtr(left.qpn, a.ipv4, plan.psnA, plan.mtu, plan.rnrCode);
        left.rts(plan.psnA, plan.timeoutCode, plan.retries, plan.rnrRetries);
        right.rts(plan.psnB, plan.timeoutCode, plan.retries, plan.rnrRetries);
    }

    /** Runs until nothing is pending. */
    void run() {
        for (int steps = 0; lane.queue().size() > 0; steps++) {
            assertTrue(steps < 2_000_000, "the cards never come to rest");
            step();
        }
    }

    /** Runs all events of the next time at which there are any. */
    void step() {
        lane.runUntil(lane.queue().nextTimePs() + 1);
    }

    List<Stateful> components() {
        List<Stateful> all = new ArrayList<>();
        all.add(lane);
        all.add(wire);
        all.add(a.card);
        all.add(b.card);
        all.add(a.ram);
        all.add(b.ram);
        return all;
    }

    String hash() {
        StateHash hash = new StateHash();
        components().forEach(hash::add);
        return hash.hex();
    }

    static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 8) * 7 + seed);
        }
        return bytes;
    }

    static void expect(TestNode.Completion got, long id, int opcode, int status) {
        assertTrue(got != null, "no completion, expected wr_id " + id);
        assertEquals(id, got.id(), "wr_id");
        assertEquals(status, got.status(), "status of wr_id " + id);
        assertEquals(opcode, got.opcode(), "opcode of wr_id " + id);
    }
}
