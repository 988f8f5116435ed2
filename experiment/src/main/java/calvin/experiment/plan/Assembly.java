package calvin.experiment.plan;

import calvin.enclave.KernelOptions;
import calvin.enclave.NodeSpec;
import calvin.enclave.TaskSpec;
import calvin.enclave.Workload;
import calvin.machine.board.BoardSpec;
import calvin.sim.seed.Seed;
import java.util.List;
import java.util.Optional;

/** What a planned node is built from. */
public final class Assembly {
    private Assembly() {}

    /** The board. Its quantum follows from the lookahead, so that harts never run further apart than nodes do. */
    public static BoardSpec board(Plan plan, Plan.Node node) {
        BoardSpec board = node.board().equals("virt")
                ? BoardSpec.virt(node.harts(), node.memoryBytes())
                : BoardSpec.hpc(node.harts(), node.memoryBytes(), node.numaNodes());
        long quantumPs = Math.max(node.hartPeriodPs(), Math.min(board.quantumPs(), plan.lookaheadPs()));
        return board.withHartPeriodPs(node.hartPeriodPs()).withQuantumPs(quantumPs);
    }

    /** Kernels, tasks and card. */
    public static NodeSpec node(Plan plan, Plan.Node node, ImageStore images) {
        long seed = new Seed(plan.seed()).child("node/" + node.number() + "/kernel").value();
        KernelOptions options = KernelOptions.DEFAULT.withQuiet(true).withSeed(seed);
        Optional<NodeSpec.Card> card = node.hasCard()
                ? Optional.of(new NodeSpec.Card(Cards.of(node, plan.nodes().size()), node.ipv4()))
                : Optional.empty();
        return new NodeSpec(node.number(), node.name(), workload(node.work(), images), options, card);
    }

    private static Workload workload(Plan.Work work, ImageStore images) {
        Workload.VmMemory memory = Workload.VmMemory.of(work.guestMemoryBytes());
        return switch (work.kind()) {
            case LWK -> new Workload.Lwk(tasks(work.tasks(), images));
            case LWK_IN_VM ->
                    new Workload.LwkInVm(memory, tasks(work.tasks(), images), tasks(work.hostTasks(), images));
            case KERNEL_IN_VM -> new Workload.KernelInVm(memory, work.name(), images.get(work.image()), work.append(),
                    tasks(work.hostTasks(), images));
            case KERNEL -> new Workload.Kernel(work.name(), images.get(work.image()), work.append());
        };
    }

    private static List<TaskSpec> tasks(List<Plan.Task> tasks, ImageStore images) {
        return tasks.stream()
                .map(task -> new TaskSpec(task.name(), images.get(task.image()), task.arguments(), task.environment(),
                        TaskSpec.ANY_HART, task.heapBytes(), task.stackBytes(), task.rank()))
                .toList();
    }
}
