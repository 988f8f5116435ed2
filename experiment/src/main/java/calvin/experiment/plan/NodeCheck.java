package calvin.experiment.plan;

import calvin.enclave.Node;
import calvin.enclave.NodeException;
import calvin.enclave.NodeSpec;
import calvin.enclave.NodeWiring;
import calvin.experiment.input.Problems;
import calvin.experiment.spec.NodeClassSpec;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.dev.ConsoleSink;
import calvin.sim.event.Lane;
import calvin.sim.trace.TraceSink;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether nodes can be what the plan says: their boards, and room for what they run. Builds one node of each kind, and
 * runs none.
 */
final class NodeCheck {
    private final Plan plan;
    private final ImageStore images;
    private final Problems problems;
    private final Set<List<Object>> checked = new HashSet<>();

    NodeCheck(Plan plan, ImageStore images, Problems problems) {
        this.plan = plan;
        this.images = images;
        this.problems = problems;
    }

    void check(Plan.Node node, NodeClassSpec own) {
        BoardSpec board = Assembly.board(plan, node);
        if (!board.problems().isEmpty()) {
            board.problems()
                    .forEach(problem -> problems.add(own.memoryPlace(), "class `" + own.name() + "`: " + problem));
            return;
        }
        Plan.Work work = node.work();
        List<Object> kind = List.of(own.name(), work.kind(), work.image(), work.guestMemoryBytes(), sizes(work.tasks()),
                sizes(work.hostTasks()));
        if (!checked.add(kind)) {
            return;
        }
        // Without its card, which needs a network: what is checked here is memory.
        NodeSpec spec = Assembly.node(plan, node, images);
        NodeSpec bare = new NodeSpec(spec.number(), spec.hostname(), spec.workload(), spec.options(), Optional.empty());
        try {
            Node.build(new Lane("node" + node.number()), board, bare,
                    new NodeWiring(Engines.INTERPRETER, ConsoleSink.NONE, TraceSink.NONE, null)).machine().close();
        } catch (NodeException e) {
            problems.add(own.memoryPlace(), e.getMessage());
        }
    }

    private static List<Object> sizes(List<Plan.Task> tasks) {
        return tasks.stream().<Object>map(task -> List.of(task.image(), task.heapBytes(), task.stackBytes())).toList();
    }
}
