package calvin.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.enclave.Workload.VmMemory;
import calvin.guests.Guests;
import calvin.sim.state.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All state of a node with a hypervisor is bytes: cut anywhere, it goes on the same elsewhere. */
final class NodeStateTest {
    private static NodeSpec spec() {
        TaskSpec hello = TaskSpec.of("hello", Guests.get("hello").bytes(), "5");
        TaskSpec sleeper = TaskSpec.of("sleeper", TestProgram.sleeping(3, 300_000, 2));
        return NodeSpec.of(0, new Workload.LwkInVm(VmMemory.of(128L << 20), List.of(hello, sleeper), List.of(hello)))
                .withOptions(new KernelOptions(false, false, true, false, 0, 0, "sched_hz=10000"));
    }

    private static TestNode fresh() {
        return new TestNode(TestNode.board(512), spec());
    }

    @Test
    void twoRunsAreOne() {
        TestNode left = fresh().run(1);
        TestNode right = fresh().run(1);
        assertEquals(NodeStatus.State.ENDED, left.node.status().state(), left.text());
        assertEquals(left.hash(), right.hash());
        assertEquals(left.text(), right.text());
    }

    @Test
    void aSnapshotInTheMiddleOfTheGuestGoesOnTheSameInAFreshNode() {
        double end = 0.003;
        TestNode straight = new TestNode(TestNode.board(512), spec(), end);
        assertEquals(NodeStatus.State.ENDED, straight.node.status().state(), straight.text());
        int inGuest = 0;
        for (double cut = 0.0001; cut < 0.0012; cut += 0.00013) {
            TestNode first = new TestNode(TestNode.board(512), spec(), cut);
            inGuest += first.node.machine().hart(0).hart().mode >= calvin.machine.hart.Hart.MODE_V ? 1 : 0;
            Snapshot snapshot = Snapshot.take(first.lane.components());
            TestNode second = fresh();
            snapshot.restore(second.lane.components());
            assertEquals(first.hash(), second.hash(), "at " + cut);
            second.lane.runUntil((long) (end * 1e12));
            assertEquals(straight.hash(), second.hash(), "cut at " + cut);
            assertEquals(straight.node.exits(), second.node.exits());
            assertEquals(straight.node.tasks(), second.node.tasks());
            assertEquals(straight.text(), first.text() + second.text());
        }
        assertTrue(inGuest > 0, "no cut fell into the guest");
    }
}
