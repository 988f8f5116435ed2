package calvin.experiment.plan;

import calvin.experiment.json.JsonWriter;
import calvin.experiment.spec.ExecutionSpec;
import calvin.network.topo.Placement;
import calvin.network.topo.TopologyLink;
import calvin.network.topo.Vertex;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A plan for people: what would run, where, how big and how slow.
 *
 * <p>The slow-down is an estimate: every hart busy all the time, {@link #HOST_MIPS} million guest instructions a second
 * on each host thread. Harts that wait cost nothing, so most experiments are faster.
 */
public final class PlanSummary {
    /** What a thread of the predecoded interpreter is expected to run. */
    public static final long HOST_MIPS = 100;
    private static final long MIB = 1 << 20;

    private final PlanDocument document;
    private final Plan plan;
    private final Placement placement;
    private final int threads;

    private PlanSummary(PlanDocument document, Placement placement) {
        this.document = document;
        this.plan = document.plan();
        this.placement = placement;
        this.threads = document.spec().execution().threads();
    }

    public static PlanSummary of(PlanDocument document) {
        ExecutionSpec execution = document.spec().execution();
        return new PlanSummary(document, Placement.blocks(document.plan().topology(), execution.processes()));
    }

    /** Guest seconds that take one host second, by the estimate. */
    public double slowDown() {
        double busiest = 0;
        for (int worker = 0; worker < placement.workers(); worker++) {
            double guestMips = 0;
            int lanes = 0;
            for (Plan.Node node : plan.nodes()) {
                if (placement.workerOf(Vertex.node(node.number())) == worker) {
                    guestMips += 1e6 / node.hartPeriodPs() * node.harts();
                    lanes++;
                }
            }
            busiest = Math.max(busiest, guestMips / HOST_MIPS / Math.max(1, Math.min(threads, lanes)));
        }
        return busiest;
    }

    private long memoryBytes() {
        return plan.nodes().stream().mapToLong(Plan.Node::memoryBytes).sum();
    }

    private String lookaheadText() {
        TopologyLink link = plan.topology().lookaheadLink();
        if (link == null) {
            return SimTime.format(plan.lookaheadPs()) + ", there are no links";
        }
        return SimTime.format(plan.lookaheadPs()) + ", set by the link " + portOwner(link.left()) + " - "
                + portOwner(link.right());
    }

    private String portOwner(int port) {
        return plan.userName(plan.topology().ports().get(port).owner());
    }

    /** For a terminal. */
    public String text() {
        StringBuilder out = new StringBuilder();
        line(out, "experiment", plan.name() + ", seed " + plan.seed() + ", at most " + SimTime.format(plan.untilPs()));
        line(out, "plan hash", document.hash());
        line(out, "nodes",
                plan.nodes().size() + " nodes, " + plan.switchNames().size() + " switches, "
                        + plan.topology().links().size()
                        + " links");
        line(out, "lookahead", lookaheadText());
        line(out, "memory", memoryBytes() / MIB + " MiB in all if every page is touched");
        line(out, "slow-down",
                String.format(Locale.ROOT, "up to %.0fx with every hart busy, at an estimated %d million instructions a"
                        + " second per thread (%d process%s, %d thread%s each)", slowDown(), HOST_MIPS,
                        placement.workers(),
                        placement.workers() == 1 ? "" : "es", threads, threads == 1 ? "" : "s"));
        for (Plan.Image image : plan.images()) {
            line(out, "image", image.name() + ", " + image.bytes() + " bytes, SHA-256 " + image.sha256());
        }
        out.append('\n');
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[]{"node", "worker", "board", "harts", "clock", "memory", "address", "runs"});
        for (Plan.Node node : plan.nodes()) {
            rows.add(new String[]{node.name(), Integer.toString(placement.workerOf(Vertex.node(node.number()))),
                node.board(),
                Integer.toString(node.harts()), 1_000_000 / node.hartPeriodPs() + " MHz",
                node.memoryBytes() / MIB + " MiB",
                address(node), describe(node.work())});
        }
        TextTable.append(out, rows);
        for (int i = 0; i < plan.switchNames().size(); i++) {
            out.append(plan.switchNames().get(i)).append(" on worker ").append(placement.workerOf(Vertex.switchAt(i)))
                    .append('\n');
        }
        return out.toString();
    }

    private String address(Plan.Node node) {
        return node.hasCard() ? plan.topology().ports().get(node.port()).ipv4Text() : "-";
    }

    private static String describe(Plan.Work work) {
        return switch (work.kind()) {
            case LWK -> tasks(work.tasks());
            case LWK_IN_VM -> "in a VM of " + work.guestMemoryBytes() / MIB + " MiB: " + tasks(work.tasks());
            case KERNEL -> work.name() + " (kernel)";
            case KERNEL_IN_VM -> work.name() + " (kernel in a VM of " + work.guestMemoryBytes() / MIB + " MiB)";
        };
    }

    private static String tasks(List<Plan.Task> tasks) {
        return tasks.isEmpty()
                ? "nothing"
                : String.join("; ", tasks.stream().map(task -> String.join(" ", task.arguments())).toList());
    }

    private static void line(StringBuilder out, String key, String value) {
        out.append(String.format(Locale.ROOT, "%-11s %s%n", key, value));
    }

    /** For scripts. */
    public String json() {
        TopologyLink link = plan.topology().lookaheadLink();
        JsonWriter json = JsonWriter.indented().field("name", plan.name()).field("plan_hash", document.hash())
                .field("seed", plan.seed())
                .field("until_ps", plan.untilPs()).field("lookahead_ps", plan.lookaheadPs());
        if (link != null) {
            json.field("lookahead_link", List.of(portOwner(link.left()), portOwner(link.right())));
        }
        json.field("memory_bytes", memoryBytes()).field("slow_down", slowDown()).field("host_mips", HOST_MIPS)
                .field("workers", placement.workers()).field("threads", threads).beginArray("images");
        for (Plan.Image image : plan.images()) {
            json.beginObject().field("name", image.name()).field("sha256", image.sha256()).field("bytes", image.bytes())
                    .end();
        }
        json.end().beginArray("nodes");
        for (Plan.Node node : plan.nodes()) {
            json.beginObject().field("name", node.name())
                    .field("worker", placement.workerOf(Vertex.node(node.number())))
                    .field("board", node.board()).field("harts", node.harts())
                    .field("hart_period_ps", node.hartPeriodPs())
                    .field("memory_bytes", node.memoryBytes()).field("port", node.port())
                    .field("address", address(node))
                    .field("runs", describe(node.work())).end();
        }
        json.end().beginArray("switches");
        for (int i = 0; i < plan.switchNames().size(); i++) {
            json.beginObject().field("name", plan.switchNames().get(i))
                    .field("worker", placement.workerOf(Vertex.switchAt(i))).end();
        }
        return json.end() + "\n";
    }
}
