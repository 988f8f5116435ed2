package calvin.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.enclave.Workload.VmMemory;
import calvin.guests.Guests;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LwkNodeTest {
    private static final KernelOptions QUIET = KernelOptions.DEFAULT.withQuiet(true);

    private static TaskSpec task(String image, String... arguments) {
        return TaskSpec.of(image, Guests.get(image).bytes(), arguments);
    }

    private static TestNode natively(KernelOptions options, TaskSpec... tasks) {
        return new TestNode(TestNode.board(256), NodeSpec.of(0, new Workload.Lwk(List.of(tasks))).withOptions(options)).run(20);
    }

    private static TestNode inVm(KernelOptions options, List<TaskSpec> tasks, List<TaskSpec> hostTasks) {
        Workload workload = new Workload.LwkInVm(VmMemory.of(128L << 20), tasks, hostTasks);
        return new TestNode(TestNode.board(512), NodeSpec.of(0, workload).withOptions(options)).run(20);
    }

    @Test
    void helloSaysTheSameNativelyAndInAVirtualMachine() {
        TestNode bare = natively(QUIET, task("hello", "5", "a b"));
        TestNode virtual = inVm(QUIET, List.of(task("hello", "5", "a b")), List.of());
        assertEquals(new NodeStatus(NodeStatus.State.ENDED, 5, ""), bare.node.status(), bare.text());
        assertEquals(new NodeStatus(NodeStatus.State.ENDED, 5, ""), virtual.node.status(), virtual.text());
        assertTrue(bare.text().contains("hello"), bare.text());
        assertEquals(bare.text(), virtual.text());
    }
}
