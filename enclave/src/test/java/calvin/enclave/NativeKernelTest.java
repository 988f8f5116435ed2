package calvin.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.machine.board.BoardSpec;
import org.junit.jupiter.api.Test;

final class NativeKernelTest {
    private static NodeSpec kernel(String image) {
        return NodeSpec.of(0, new Workload.Kernel(image, Guests.get(image).bytes(), ""));
    }

    @Test
    void theSelfTestKernelPassesOnOneHart() {
        TestNode node = new TestNode(TestNode.board(64), kernel("smode.elf")).run(10);
        assertTrue(node.text().contains("SELFTEST PASSED"), node.text());
        assertEquals(new NodeStatus(NodeStatus.State.ENDED, 0, ""), node.node.status());
    }

    @Test
    void theSelfTestKernelPassesOnTwoHarts() {
        TestNode node = new TestNode(BoardSpec.virt(2, 64L << 20), kernel("smode.elf")).run(10);
        assertTrue(node.text().contains("SELFTEST PASSED"), node.text());
        assertTrue(!node.text().contains("skip"), node.text());
    }

    @Test
    void bareMetalProgramsEndWithTheirCode() {
        TestNode pass = new TestNode(TestNode.board(16),
                NodeSpec.of(0, new Workload.BareMetal("pass", Guests.get("pass.elf").bytes()))).run(1);
        assertEquals(new NodeStatus(NodeStatus.State.ENDED, 0, ""), pass.node.status());
        TestNode fail = new TestNode(TestNode.board(16),
                NodeSpec.of(0, new Workload.BareMetal("fail", Guests.get("fail.elf").bytes()))).run(1);
        assertEquals(new NodeStatus(NodeStatus.State.ENDED, 3, ""), fail.node.status());
    }

    @Test
    void anImageThatDoesNotFitIsRefusedInWords() {
        NodeException e = assertThrows(NodeException.class, () -> new TestNode(TestNode.board(64), kernel("hello")));
        assertTrue(e.getMessage().startsWith("node0 cannot load hello: segment at 0x1"), e.getMessage());
    }
}
