package calvin.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.enclave.Workload.VmMemory;
import calvin.guests.Guests;
import calvin.hypervisor.exit.ExitReason;
import calvin.hypervisor.vm.VmState;
import calvin.machine.board.BoardSpec;
import calvin.sim.time.SimTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nodes whose native kernel is the LWK, with and without a virtual machine. */
final class LwkNodeTest {
    private static final KernelOptions QUIET = KernelOptions.DEFAULT.withQuiet(true);
    private static final VmMemory GUEST_MEMORY = VmMemory.of(128L << 20);

    private static TaskSpec task(String image, String... arguments) {
        return TaskSpec.of(image, Guests.get(image).bytes(), arguments);
    }

    private static TestNode natively(KernelOptions options, TaskSpec... tasks) {
        return new TestNode(TestNode.board(256), NodeSpec.of(0, new Workload.Lwk(List.of(tasks))).withOptions(options))
                .run(20);
    }

    private static TestNode inVm(KernelOptions options, List<TaskSpec> tasks, List<TaskSpec> hostTasks) {
        return run(options, new Workload.LwkInVm(GUEST_MEMORY, tasks, hostTasks));
    }

    private static TestNode run(KernelOptions options, Workload workload) {
        return new TestNode(TestNode.board(512), NodeSpec.of(0, workload).withOptions(options)).run(20);
    }

    private static long count(TestNode node, ExitReason reason) {
        return node.node.exits().stream().filter(exit -> exit.reason() == reason).mapToLong(ExitCount::count).sum();
    }

    @Test
    void helloSaysTheSameNativelyAndInAVirtualMachine() {
        TestNode bare = natively(QUIET, task("hello", "5", "a b"));
        TestNode virtual = inVm(QUIET, List.of(task("hello", "5", "a b")), List.of());
        assertEquals(new NodeStatus(NodeStatus.State.ENDED, 5, ""), bare.node.status(), bare.text());
        assertEquals(new NodeStatus(NodeStatus.State.ENDED, 5, ""), virtual.node.status(), virtual.text());
        assertTrue(bare.text().startsWith("Hello from RISC-V, 3 arguments\n"), bare.text());
        assertEquals(bare.text(), virtual.text());
        assertEquals(List.of("vm false 0", "hello true 5"), virtual.node.tasks().stream()
                .map(task -> task.name() + " " + task.inGuest() + " " + task.exitCode()).toList());
        assertEquals(Optional.of(VmState.STOPPED), virtual.node.vmState());
        assertEquals(Optional.empty(), bare.node.vmState());
    }

    @Test
    void aComputingTaskTakesTheSameVirtualTimeInAVirtualMachine() {
        TaskSpec counting = TaskSpec.of("counting", TestProgram.counting(2000, 3));
        TestNode bare = natively(QUIET, counting);
        TestNode virtual = inVm(QUIET, List.of(counting), List.of());
        long bareStart = natively(QUIET, task("tiny")).node.tasks().getFirst().endPs();
        long virtualStart = inVm(QUIET, List.of(task("tiny")), List.of()).node.tasks().getLast().endPs();
        double barePs = bare.node.tasks().getLast().endPs() - bareStart;
        double virtualPs = virtual.node.tasks().getLast().endPs() - virtualStart;
        assertEquals(3, virtual.node.tasks().getLast().exitCode());
        assertTrue(barePs > 3 * 2000 * 4096 * 400L, "it ran: " + barePs);
        assertTrue(Math.abs(virtualPs / barePs - 1) < 0.02, "virtual / native = " + virtualPs / barePs);
        assertTrue(bare.endPs() * 1.05 > virtual.endPs(), "with boot: " + bare.endPs() + " and " + virtual.endPs());
    }

    @Test
    void theSelfTestKernelPassesAsAGuestOfTheLwk() {
        TestNode node = run(KernelOptions.DEFAULT.withTelemetry(true),
                new Workload.KernelInVm(GUEST_MEMORY, "smode", Guests.get("smode.elf").bytes(), "", List.of()));
        assertTrue(node.text().contains("SELFTEST PASSED"), node.text());
        assertTrue(node.text().contains("device tree with 1 cpus"), node.text());
        assertEquals(new NodeStatus(NodeStatus.State.ENDED, 0, ""), node.node.status());
        // One look at the line status and one store for every character between the kernels' own lines.
        String guestText = node.text().substring(node.text().indexOf("Calvin supervisor"),
                node.text().indexOf("telem."));
        assertEquals(guestText.length(), count(node, ExitReason.MMIO_STORE));
        assertEquals(guestText.length(), count(node, ExitReason.MMIO_LOAD));
        assertTrue(count(node, ExitReason.SBI_TIMER) > 5, "timer tests");
        assertEquals(1, count(node, ExitReason.SBI_RESET));
        assertEquals(0, count(node, ExitReason.UNKNOWN));
        assertTrue(node.text().contains(">MMIO_STORE:Cnt=" + guestText.length() + ", Avg. Time="), node.text());
        node.node.exits().forEach(exit -> assertTrue(exit.cycles() > 10 * exit.count(), exit.toString()));
    }

    @Test
    void aGuestThatSleepsLeavesTheHartToTheHost() {
        // Alone, 5 x 1 ms; beside a host task of about 12 ms that takes every turn it gets, hardly more.
        TaskSpec sleeper = TaskSpec.of("sleeper", TestProgram.sleeping(5, 1_000_000, 9));
        TaskSpec worker = TaskSpec.of("worker", TestProgram.counting(2000, 1));
        TestNode alone = inVm(QUIET, List.of(sleeper), List.of());
        assertEquals(5, count(alone, ExitReason.WAIT), alone.node.exits().toString());
        assertTrue(alone.endPs() > 5_000_000_000L && alone.endPs() < 7_000_000_000L, "5 ms: " + alone.endPs());
        TestNode both = run(new KernelOptions(true, false, false, false, 0, 0, "sched_hz=1000"),
                new Workload.LwkInVm(GUEST_MEMORY, List.of(sleeper), List.of(worker)));
        assertEquals(9, both.node.tasks().getLast().exitCode());
        assertEquals(1, both.node.tasks().getFirst().exitCode());
        assertTrue(both.endPs() < 16_000_000_000L, "they overlap: " + both.endPs());
    }

    @Test
    void aGreedyGuestWaitsOnTheHart() {
        TestNode node = inVm(QUIET.withGreedy(true),
                List.of(TaskSpec.of("sleeper", TestProgram.sleeping(5, 1_000_000, 9))), List.of());
        assertEquals(0, count(node, ExitReason.WAIT));
        assertEquals(9, node.node.tasks().getLast().exitCode());
        assertTrue(node.endPs() > 5_000_000_000L && node.endPs() < 7_000_000_000L, "5 ms: " + node.endPs());
    }

    @Test
    void aGuestAndAHostTaskShareAHartByTurns() {
        TestNode node = run(new KernelOptions(true, false, false, false, 0, 0, "sched_hz=1000"),
                new Workload.LwkInVm(GUEST_MEMORY, List.of(TaskSpec.of("a", TestProgram.counting(1000, 1))),
                        List.of(TaskSpec.of("b", TestProgram.counting(1000, 2)))));
        assertEquals(2, node.node.tasks().getFirst().exitCode());
        assertEquals(1, node.node.tasks().getLast().exitCode());
        assertTrue(count(node, ExitReason.HOST_INTERRUPT) >= 4, "turns of 1 ms for 2 x 6 ms: " + node.node.exits());
    }

    @Test
    void aGuestOnAHartOfItsOwnIsNotDisturbed() {
        TaskSpec task = TaskSpec.of("t", TestProgram.counting(1000, 3));
        Workload workload = new Workload.LwkInVm(GUEST_MEMORY, List.of(task), List.of(task));
        NodeSpec spec = NodeSpec.of(0, workload).withOptions(QUIET);
        TestNode two = new TestNode(BoardSpec.virt(2, 512L << 20), spec).run(1);
        assertEquals(new NodeStatus(NodeStatus.State.ENDED, 3, ""), two.node.status(), two.text());
        assertEquals(0, count(two, ExitReason.HOST_INTERRUPT));
        long alone = inVm(QUIET, List.of(task), List.of()).endPs();
        assertTrue(two.endPs() < 1.1 * alone, two.endPs() + " and alone " + alone);
        assertEquals(two.hash(), new TestNode(BoardSpec.virt(2, 512L << 20), spec).run(1).hash());
    }

    @Test
    void floatingPointRegistersStayWithTheirTask() {
        TestNode node = run(new KernelOptions(true, false, false, false, 0, 0, "sched_hz=10000"),
                new Workload.LwkInVm(GUEST_MEMORY,
                        List.of(TaskSpec.of("a", TestProgram.adding(100, 5)),
                                TaskSpec.of("b", TestProgram.adding(70, 6))),
                        List.of(TaskSpec.of("c", TestProgram.adding(150, 7)))));
        assertEquals(List.of("c 7", "vm 0", "a 5", "b 6"),
                node.node.tasks().stream().map(task -> task.name() + " " + task.exitCode()).toList());
        assertTrue(count(node, ExitReason.HOST_INTERRUPT) > 5, node.node.exits().toString());
    }

    @Test
    void whatIsTypedReachesATaskInTheGuest() {
        TaskSpec reader = TaskSpec.of("reader", TestProgram.reading());
        for (Workload workload : List.<Workload>of(new Workload.Lwk(List.of(reader)),
                new Workload.LwkInVm(GUEST_MEMORY, List.of(reader), List.of()))) {
            TestNode silent = run(QUIET, workload);
            assertEquals(255, silent.node.status().code(), "without console input there is the end of file");
            TestNode node = new TestNode(TestNode.board(512),
                    NodeSpec.of(0, workload).withOptions(QUIET.withConsoleInput(true)));
            node.node.machine().type(2 * SimTime.PS_PER_MS, new byte[]{'x'});
            assertEquals('x', node.run(1).node.status().code(), node.text());
        }
    }

    @Test
    void anExitThatCannotBeHandledEndsTheMachineAndNothingElse() {
        byte[] guest = TestProgram.elf(0x8020_0000L, "lui a0, 0x10000", "amoswap.w a1, a0, (a0)", "jal zero, .+0");
        TestNode node = run(QUIET,
                new Workload.KernelInVm(GUEST_MEMORY, "amo", guest, "", List.of(task("hello", "4"))));
        assertTrue(node.text().contains("is in state ERROR: cannot emulate MMIO_STORE at gpa 0x10000000"), node.text());
        assertEquals(Optional.of(VmState.ERROR), node.node.vmState());
        assertEquals(NodeStatus.State.FAILED, node.node.status().state());
        assertEquals(List.of("hello 4", "vm 134"),
                node.node.tasks().stream().map(task -> task.name() + " " + task.exitCode()).toList());
        assertTrue(node.text().contains("Hello from RISC-V"), node.text());
    }

    @Test
    void aGuestThatTouchesNothingTakesTheFaultABareMachineGives() {
        // Trap vector at +40: ends with scause as reason. li a0, 0x50000000; ld a1, (a0).
        byte[] guest = TestProgram.elf(0x8020_0000L, "auipc t0, 0", "addi t0, t0, 40", "csrrw zero, stvec, t0",
                "lui a0, 0x50000", "ld a1, 0(a0)", "jal zero, .+0", "jal zero, .+0", "jal zero, .+0", "jal zero, .+0",
                "jal zero, .+0",
                // scause 5: finisher with code 5.
                "csrrs a0, scause, zero", "slli a0, a0, 16", "lui a1, 3", "addi a1, a1, 0x333", "or a0, a0, a1",
                "lui a2, 0x100", "sw a0, 0(a2)", "jal zero, .+0");
        TestNode bare = new TestNode(TestNode.board(64), NodeSpec.of(0, new Workload.Kernel("probe", guest, "")))
                .run(1);
        assertEquals(5, bare.node.status().code(), bare.node.status().toString());
        TestNode virtual = run(QUIET, new Workload.KernelInVm(GUEST_MEMORY, "probe", guest, "", List.of()));
        assertEquals(5, virtual.node.status().code(), virtual.text());
        assertEquals(1, count(virtual, ExitReason.NOTHING_THERE));
    }
}
