package calvin.experiment.world;

import calvin.enclave.ExitCount;
import calvin.enclave.Node;
import calvin.enclave.NodeStatus;
import calvin.enclave.NodeWiring;
import calvin.enclave.TaskResult;
import calvin.experiment.plan.Assembly;
import calvin.experiment.plan.ImageStore;
import calvin.experiment.plan.Plan;
import calvin.experiment.report.LaneReport;
import calvin.machine.board.MachineStats;
import calvin.machine.board.MachineStatus;
import calvin.machine.hart.EngineFactory;
import calvin.machine.timing.Fidelity;
import calvin.network.node.Fabric;
import calvin.sim.event.Lane;
import calvin.sim.fault.FaultSeam;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A node on its lane, with its console and its end of the network. */
public final class NodeUnit {
    private final Plan.Node plan;
    private final Lane lane;
    private final Node node;
    private final ConsoleLog console;
    /** A node that was given nothing to do is done from the start. */
    private final boolean idle;
    private final boolean inJob;

    private NodeUnit(Plan.Node plan, Lane lane, Node node, ConsoleLog console) {
        this.plan = plan;
        this.lane = lane;
        this.node = node;
        this.console = console;
        inJob = !plan.work().tasks().stream().allMatch(task -> task.job().isEmpty())
                || !plan.work().hostTasks().stream().allMatch(task -> task.job().isEmpty());
        idle = plan.work().kind() == Plan.Work.Kind.LWK && plan.work().tasks().isEmpty();
    }

    static NodeUnit build(Plan plan, Plan.Node own, ImageStore images, Fabric fabric, TraceSink trace,
            EngineFactory engine) {
        Lane lane = new Lane("node" + own.number());
        ConsoleLog console = new ConsoleLog(lane.name() + "/console");
        Node node = Node.build(lane, Assembly.board(plan, own), Assembly.node(plan, own, images),
                new NodeWiring(engine, console, trace, own.hasCard() ? fabric.port(own.port()) : null));
        node.machine().timing().set(own.fidelity() == Fidelity.TIMED);
        lane.addPart(console);
        if (own.hasCard()) {
            lane.addPort(own.port(), fabric.tapped(own.port(), node.card().orElseThrow()));
            lane.addPart(fabric.port(own.port()));
        }
        return new NodeUnit(own, lane, node, console);
    }

    Lane lane() {
        return lane;
    }

    public int number() {
        return plan.number();
    }

    /** Whether its work is done: it has nothing to do, or its machine has ended. */
    boolean done() {
        return idle || node.machine().status().kind() == MachineStatus.Kind.EXITED;
    }

    boolean failed() {
        return node.machine().status().kind() == MachineStatus.Kind.PANIC
                || !node.machine().status().running() && node.status().state() == NodeStatus.State.FAILED;
    }

    /** Whether it ended with an error while it had a rank of a job: the other ranks would wait for it for ever. */
    boolean aborted() {
        return inJob && done() && node.status().code() != 0;
    }

    /** When its machine ended or failed; 0 where it was idle, NEVER before. */
    long endedPs() {
        return node.machine().status().running() ? idle ? 0 : SimTime.NEVER : node.machine().status().endPs();
    }

    List<FaultSeam> seams() {
        return List.of(node.machine().faults());
    }

    /** Instructions retired, by hart. */
    public long[] instret() {
        long[] counts = new long[plan.harts()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = node.machine().hart(i).hart().instret;
        }
        return counts;
    }

    /** Numbers of the memory pages that have been touched: physical addresses divided by 4096, rising. */
    public long[] touchedPages() {
        List<Long> pages = new ArrayList<>();
        for (long page = node.machine().memory().nextPage(0); page >= 0; page = node.machine().memory()
                .nextPage(page + 1)) {
            pages.add(page);
        }
        return pages.stream().mapToLong(Long::longValue).toArray();
    }

    MachineStats stats() {
        return node.machine().stats();
    }

    LaneReport.NodeReport report() {
        NodeStatus status = node.status();
        List<LaneReport.TaskReport> tasks = new ArrayList<>();
        for (TaskResult task : node.tasks()) {
            tasks.add(new LaneReport.TaskReport(task.inGuest() ? task.name() + " (guest)" : task.name(), task.ended(),
                    task.exitCode()));
        }
        NodeStatus.State state = idle && status.state() == NodeStatus.State.RUNNING
                ? NodeStatus.State.ENDED
                : status.state();
        return new LaneReport.NodeReport(state.name(), status.code(), status.message(), endedPs(), console.bytes(),
                tasks, metrics());
    }

    private Map<String, Long> metrics() {
        Map<String, Long> metrics = new LinkedHashMap<>();
        metrics.put("instructions", node.machine().instructions());
        for (int i = 0; i < plan.harts(); i++) {
            metrics.put("hart" + i + "_instructions", node.machine().hart(i).hart().instret);
            metrics.put("hart" + i + "_cycles", node.machine().hart(i).hart().cycle);
        }
        metrics.put("touched_pages", node.machine().memory().touchedPages());
        for (ExitCount exit : node.exits()) {
            String reason = exit.reason().toString().toLowerCase(Locale.ROOT);
            metrics.put("vm_exits_" + reason, exit.count());
            metrics.put("vm_exit_cycles_" + reason, exit.cycles());
        }
        return metrics;
    }

    void close() {
        node.machine().close();
    }
}
