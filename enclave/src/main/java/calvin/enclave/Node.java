package calvin.enclave;

import calvin.hypervisor.exit.ExitReason;
import calvin.hypervisor.vcpu.VcpuStruct;
import calvin.hypervisor.vm.VmSpecStruct;
import calvin.hypervisor.vm.VmState;
import calvin.hypervisor.vm.VmStruct;
import calvin.lwk.task.Tasks;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Machine;
import calvin.machine.board.MachineStatus;
import calvin.machine.hosted.HartPort;
import calvin.machine.nic.RdmaCard;
import calvin.sim.event.Lane;
import calvin.sim.state.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node that is ready to run on its lane, and what became of its work. Everything it reports is read from the
 * machine's state, so it says the same after a restore.
 *
 * <pre>
 * Lane lane = new Lane("node0");
 * NodeSpec spec = NodeSpec.of(0, new Workload.Lwk(List.of(task)));
 * Node node = Node.build(lane, BoardSpec.hpc(1, 256L << 20, 1), spec, wiring);
 * lane.runUntil(SimTime.PS_PER_S);
 * node.status();
 * </pre>
 */
public final class Node {
    /** Name of the task that is a virtual machine. */
    public static final String VM = "vm";

    private final Machine machine;
    private final RdmaCard card;
    private final List<String> hostTasks;
    private final List<String> guestTasks;
    /** Where the hypervisor's configuration lies, or 0. */
    private final long configPa;

    Node(Machine machine, RdmaCard card, List<String> hostTasks, List<String> guestTasks, long configPa) {
        this.machine = machine;
        this.card = card;
        this.hostTasks = List.copyOf(hostTasks);
        this.guestTasks = List.copyOf(guestTasks);
        this.configPa = configPa;
    }

    /**
     * Builds the node's machine on {@code lane}, which is its own, loads it and starts it. The caller connects the card
     * to the network: {@code lane.addPort(number, node.card().get())}.
     *
     * @throws NodeException when the board cannot be built or does not suffice for the workload; the message says
     *                       what would
     */
    public static Node build(Lane lane, BoardSpec board, NodeSpec spec, NodeWiring wiring) {
        return build(lane, board, spec, wiring, new SharedImages());
    }

    /**
     * As {@link #build(Lane, BoardSpec, NodeSpec, NodeWiring)}; nodes built with one {@code shared} have their program
     * files in common.
     */
    public static Node build(Lane lane, BoardSpec board, NodeSpec spec, NodeWiring wiring, SharedImages shared) {
        return new NodeBuilder(lane, board, spec, wiring, shared).build();
    }

    public Machine machine() {
        return machine;
    }

    public Optional<RdmaCard> card() {
        return Optional.ofNullable(card);
    }

    public NodeStatus status() {
        MachineStatus status = machine.status();
        if (status.kind() == MachineStatus.Kind.PANIC) {
            return new NodeStatus(NodeStatus.State.FAILED, 0, status.message());
        }
        long vmAt = vmAt();
        if (vmAt != 0 && VmStruct.state(machine.memory(), vmAt) == VmState.ERROR) {
            return new NodeStatus(NodeStatus.State.FAILED, 0,
                    "the virtual machine is in state ERROR: " + VmStruct.text(VmStruct.ERROR, machine.memory(), vmAt));
        }
        if (status.running()) {
            return new NodeStatus(NodeStatus.State.RUNNING, 0, "");
        }
        return new NodeStatus(NodeStatus.State.ENDED, exitCode(), "");
    }

    private int exitCode() {
        for (TaskResult task : tasks()) {
            if (task.exitCode() != 0) {
                return (int) task.exitCode();
            }
        }
        return (int) machine.status().code();
    }

    /**
     * The tasks of the specification: those of the host, the virtual machine last among them, then those of its guest.
     */
    public List<TaskResult> tasks() {
        List<TaskResult> results = new ArrayList<>();
        for (int i = 0; i < hostTasks.size(); i++) {
            results.add(result(hostTasks.get(i), false, Tasks.FIRST_ID + i));
        }
        for (int i = 0; i < guestTasks.size(); i++) {
            results.add(result(guestTasks.get(i), true, HartPort.GUEST_TASK | Tasks.FIRST_ID + i));
        }
        return results;
    }

    /** A kernel starts its jobs in order and numbers them so. */
    private TaskResult result(String name, boolean inGuest, long task) {
        MachineStatus status = machine.status();
        for (int i = 0; i < status.tasksEnded(); i++) {
            if (status.endedTask(i) == task) {
                return new TaskResult(name, inGuest, true, status.endedCode(i), status.endedPs(i));
            }
        }
        return new TaskResult(name, inGuest, false, 0, 0);
    }

    /** Whether every task of the specification has ended. */
    public boolean tasksEnded() {
        return tasks().stream().allMatch(TaskResult::ended);
    }

    /** The hypervisor's exit statistics so far, by reason; those that did not occur are left out. */
    public List<ExitCount> exits() {
        List<ExitCount> counts = new ArrayList<>();
        long vmAt = vmAt();
        if (vmAt == 0) {
            return counts;
        }
        Memory memory = machine.memory();
        long vcpuAt = VmStruct.vcpuAt(vmAt, 0);
        for (int code = 0; code < ExitReason.count(); code++) {
            long count = VcpuStruct.COUNTS.get(memory, vcpuAt, code);
            if (count != 0) {
                counts.add(new ExitCount(ExitReason.of(code), count, VcpuStruct.CYCLES.get(memory, vcpuAt, code)));
            }
        }
        return counts;
    }

    /** The state of the node's virtual machine, if it has one and it has been made. */
    public Optional<VmState> vmState() {
        long vmAt = vmAt();
        return vmAt == 0 ? Optional.empty() : Optional.of(VmStruct.state(machine.memory(), vmAt));
    }

    private long vmAt() {
        Memory memory = machine.memory();
        long vmAt = configPa == 0 ? 0 : VmSpecStruct.VM.get(memory, configPa);
        boolean there = machine.memory().isRam(vmAt, VmStruct.S.sizeBytes())
                && VmStruct.MAGIC.get(memory, vmAt) == VmStruct.MAGIC_VALUE;
        return there ? vmAt : 0;
    }
}
