package calvin.experiment.plan;

import calvin.experiment.input.Text;
import calvin.experiment.json.JsonWriter;
import calvin.experiment.spec.ExpectSpec;
import calvin.experiment.spec.ExperimentSpec;
import calvin.experiment.spec.FaultsSpec;
import calvin.experiment.spec.ObserveSpec;
import calvin.network.topo.SwitchSpec;
import calvin.network.topo.TopologyLink;
import calvin.network.topo.TopologyPort;
import java.util.List;
import java.util.Locale;

/** Writes the canonical form of a plan: what {@link PlanReader} reads, and then what only the coordinator uses. */
final class PlanWriter {
    static final int VERSION = 1;

    private final JsonWriter json = JsonWriter.compact();

    private PlanWriter() {}

    static byte[] write(Plan plan, ExperimentSpec spec) {
        PlanWriter writer = new PlanWriter();
        writer.world(plan);
        writer.tables(spec.observe());
        writer.faults(spec.faults(), spec.faultSeed());
        writer.expect(spec.expect());
        return writer.json.toBytes();
    }

    private void world(Plan plan) {
        json.field("calvin_plan", VERSION).field("name", plan.name()).field("seed", plan.seed()).field("until_ps",
                plan.untilPs());
        json.beginArray("images");
        for (Plan.Image image : plan.images()) {
            json.beginObject().field("name", image.name()).field("sha256", image.sha256()).field("bytes", image.bytes())
                    .end();
        }
        json.end().beginArray("nodes");
        plan.nodes().forEach(this::node);
        json.end().beginArray("switches");
        for (int i = 0; i < plan.switchNames().size(); i++) {
            SwitchSpec spec = plan.topology().switches().get(i);
            json.beginObject().field("name", plan.switchNames().get(i)).field("forwarding_ps", spec.forwardingPs())
                    .field("buffer_bytes", spec.bufferBytes()).field("store_and_forward", spec.storeAndForward()).end();
        }
        json.end().beginArray("links");
        for (TopologyLink link : plan.topology().links()) {
            json.beginObject();
            end("left", plan.topology().ports().get(link.left()));
            end("right", plan.topology().ports().get(link.right()));
            json.field("latency_ps", link.spec().latencyPs()).field("bandwidth_bps", link.spec().bandwidthBps()).end();
        }
        json.end();
        numbers("captured_ports", plan.capturedPorts());
        json.field("message_trace", plan.messageTrace());
    }

    private void end(String key, TopologyPort port) {
        json.beginObject(key).field("node", port.owner().isNode()).field("index", port.owner().index())
                .field("port", port.number())
                .end();
    }

    private void node(Plan.Node node) {
        json.beginObject().field("number", node.number()).field("name", node.name()).field("board", node.board())
                .field("harts", node.harts()).field("memory_bytes", node.memoryBytes())
                .field("hart_period_ps", node.hartPeriodPs())
                .field("numa_nodes", node.numaNodes())
                .field("fidelity", node.fidelity().name().toLowerCase(Locale.ROOT))
                .field("port", node.port()).field("ipv4", node.ipv4());
        json.beginObject("card");
        node.card().forEach(json::field);
        json.end();
        Plan.Work work = node.work();
        json.beginObject("work").field("kind", work.kind().name()).field("name", work.name())
                .field("image", work.image())
                .field("append", work.append()).field("guest_memory_bytes", work.guestMemoryBytes());
        tasks("tasks", work.tasks());
        tasks("host_tasks", work.hostTasks());
        json.end().end();
    }

    private void tasks(String key, List<Plan.Task> tasks) {
        json.beginArray(key);
        for (Plan.Task task : tasks) {
            json.beginObject().field("name", task.name()).field("image", task.image())
                    .field("arguments", task.arguments())
                    .field("environment", task.environment()).field("heap_bytes", task.heapBytes())
                    .field("stack_bytes", task.stackBytes())
                    .field("job", task.job()).field("rank", task.rank()).end();
        }
        json.end();
    }

    private void tables(ObserveSpec observe) {
        json.beginArray("tables");
        for (ObserveSpec.TableSpec table : observe.tables()) {
            json.beginObject().field("console", table.console().value()).field("columns", table.columns())
                    .field("measured", table.measured()).end();
        }
        json.end();
    }

    private void faults(FaultsSpec faults, long seed) {
        json.beginObject("faults").field("seed", seed).field("checkpoints", faults.checkpoints())
                .field("hang_factor", faults.hangFactor()).beginArray("inject");
        for (FaultsSpec.Stratum stratum : faults.strata()) {
            json.beginObject().field("kind", stratum.kind().name()).field("count", stratum.count())
                    .field("nodes", names(stratum.nodes()))
                    .field("from_ps", stratum.fromPs()).field("to_ps", stratum.toPs())
                    .field("first_register", stratum.firstRegister())
                    .field("last_register", stratum.lastRegister()).end();
        }
        json.end().end();
    }

    private void expect(ExpectSpec expect) {
        json.beginArray("expect");
        for (ExpectSpec.Rule rule : expect.rules()) {
            json.beginObject();
            switch (rule) {
                case ExpectSpec.ExitCode exit ->
                        json.field("exit_code", exit.code()).field("nodes", names(exit.nodes()));
                case ExpectSpec.ConsoleContains contains ->
                        json.field("console", contains.node().value()).field("contains", contains.text());
                case ExpectSpec.TableValue value ->
                        json.field("console", value.console().value()).field("column", value.column())
                                .field("where_column", value.whereColumn()).field("where_value", value.whereValue())
                                .field("low", value.low())
                                .field("high", value.high());
            }
            json.end();
        }
        json.end();
    }

    private void numbers(String key, List<Integer> values) {
        json.beginArray(key);
        values.forEach(value -> json.element((long) value));
        json.end();
    }

    private static List<String> names(List<Text> texts) {
        return texts.stream().map(Text::value).toList();
    }
}
