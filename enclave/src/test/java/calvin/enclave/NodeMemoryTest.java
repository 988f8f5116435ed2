package calvin.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.enclave.Workload.VmMemory;
import calvin.guests.Guests;
import calvin.machine.board.Engines;
import calvin.machine.dev.ConsoleSink;
import calvin.sim.event.Lane;
import calvin.sim.trace.TraceSink;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes with too little memory are refused before anything runs, and what is not refused runs. */
final class NodeMemoryTest {
    private static final TaskSpec HELLO = TaskSpec.of("hello", Guests.get("hello").bytes(), "5");

    private static String refusal(int mebibytes, Workload workload) {
        return assertThrows(NodeException.class,
                () -> new TestNode(TestNode.board(mebibytes), NodeSpec.of(0, workload))).getMessage();
    }

    private static boolean refused(int mebibytes, Workload workload) {
        try {
            new TestNode(TestNode.board(mebibytes), NodeSpec.of(0, workload)).node.machine().close();
            return false;
        } catch (NodeException e) {
            return true;
        }
    }

    @Test
    void theRefusalSaysHowMuchIsNeededAndForWhat() {
        assertEquals(
                "node0 has 32 MiB of memory but needs at least 50 MiB: 2 MiB for the firmware, 5 MiB for kernel, "
                        + "1 MiB for task hello's file and image, 42 MiB for task hello's heap and stack",
                refusal(32, new Workload.Lwk(List.of(HELLO))));
        String guest = refusal(512, new Workload.LwkInVm(VmMemory.of(32L << 20), List.of(HELLO), List.of()));
        assertTrue(guest.startsWith(
                "the virtual machine of node0 has 32 MiB of memory but needs at least 48 MiB: 5 MiB for kernel,"),
                guest);
        String host = refusal(128, new Workload.LwkInVm(VmMemory.of(128L << 20), List.of(HELLO), List.of()));
        assertTrue(host.contains("128 MiB for guest memory"), host);
    }

    @Test
    void whatIsJustEnoughRuns() {
        assertRunsAtLeastMemory(new Workload.Lwk(List.of(HELLO)));
        assertRunsAtLeastMemory(new Workload.Lwk(List.of(HELLO, HELLO, HELLO)));
        assertRunsAtLeastMemory(new Workload.LwkInVm(VmMemory.of(64L << 20), List.of(HELLO), List.of()));
        assertRunsAtLeastMemory(new Workload.LwkInVm(new VmMemory(64L << 20, false), List.of(HELLO), List.of(HELLO)));
    }

    private static void assertRunsAtLeastMemory(Workload workload) {
        int mebibytes = 8;
        while (refused(mebibytes, workload)) {
            mebibytes += 2;
        }
        TestNode node = new TestNode(TestNode.board(mebibytes), NodeSpec.of(0, workload)).run(1);
        assertEquals(5, node.node.status().code(), mebibytes + " MiB: " + node.text());
        node.node.tasks().forEach(task -> assertEquals(task.name().equals("vm") ? 0 : 5, task.exitCode(), node.text()));
    }

    @Test
    void guestMemoryIsWhole2MegabytePages() {
        assertEquals("the virtual machine of node0: guest memory of 67112960 bytes is not a multiple of 2 MiB",
                refusal(512, new Workload.LwkInVm(VmMemory.of((64L << 20) + 4096), List.of(HELLO), List.of())));
    }

    @Test
    void nodesShareTheirProgramFiles() {
        SharedImages shared = new SharedImages();
        byte[] large = TestProgram.counting(1, 7);
        byte[] padded = java.util.Arrays.copyOf(large, 8 << 20);
        java.util.Arrays.fill(padded, large.length, padded.length, (byte) 1);
        for (Workload workload : List.<Workload>of(new Workload.Lwk(List.of(TaskSpec.of("t", padded))),
                new Workload.LwkInVm(VmMemory.of(128L << 20), List.of(TaskSpec.of("t", padded)), List.of()))) {
            Node first = build(0, workload, shared);
            Node second = build(1, workload, shared);
            long pa = calvin.machine.board.AddressMap.KERNEL + (4 << 20);
            assertEquals(first.machine().memory().readHost(pa), second.machine().memory().readHost(pa),
                    "one frame for both");
            second.machine().lane().runUntil(1_000_000_000_000L);
            first.machine().lane().runUntil(1_000_000_000_000L);
            assertEquals(7, first.status().code());
            assertEquals(7, second.status().code());
        }
    }

    private static Node build(int number, Workload workload, SharedImages shared) {
        return Node.build(new Lane("node" + number), TestNode.board(512), NodeSpec.of(number, workload),
                new NodeWiring(Engines.INTERPRETER, ConsoleSink.NONE, TraceSink.NONE, null), shared);
    }
}
