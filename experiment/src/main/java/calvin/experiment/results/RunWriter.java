package calvin.experiment.results;

import calvin.experiment.json.JsonWriter;
import calvin.experiment.plan.Plan;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.report.LaneReport;
import calvin.experiment.report.RunResult;
import calvin.experiment.report.Table;
import calvin.experiment.report.Verdict;
import calvin.experiment.trace.Message;
import calvin.experiment.trace.TraceLog;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes what a run left behind into its folder. */
public final class RunWriter {
    private RunWriter() {}

    /**
     * Facts of the host, which are no part of the result.
     *
     * @param wallSeconds how long the run took
     */
    public record HostFacts(double wallSeconds, int threads, int workers, List<String> workerNames) {}

    public static void write(Path folder, PlanDocument plan, RunResult result, Verdict verdict, List<Table> tables,
            List<Message> messages, HostFacts host, String version) throws IOException {
        Files.write(folder.resolve("plan.json"), plan.bytes());
        consoles(folder, plan.plan(), result);
        metrics(folder, plan.plan(), result);
        if (plan.plan().messageTrace()) {
            trace(folder.resolve("trace.csv.gz"), plan.plan(), result);
        }
        try (Database database = new Database(folder.resolve("results.sqlite"))) {
            RunTables.write(database, plan, result, verdict.passed(), tables, messages);
        }
        Files.write(folder.resolve("manifest.json"), manifest(plan, result, verdict, host, version));
    }

    /** The manifest: what ran, what came out, and apart from that, where. */
    public static byte[] manifest(PlanDocument plan, RunResult result, Verdict verdict, HostFacts host,
            String version) {
        JsonWriter json = JsonWriter.indented().field("calvin_version", version).field("name", plan.plan().name())
                .field("plan_hash", plan.hash()).field("seed", plan.plan().seed())
                .field("state_hash", result.stateHash())
                .field("end_reason", result.end().name()).field("end_ps", result.endPs())
                .field("passed", verdict.passed())
                .field("failures", verdict.failures());
        json.beginArray("nodes");
        for (int i = 0; i < result.nodes().size(); i++) {
            LaneReport.NodeReport node = result.node(i);
            json.beginObject().field("name", plan.plan().nodes().get(i).name()).field("state", node.state())
                    .field("code", node.code())
                    .field("message", node.message()).beginArray("tasks");
            for (LaneReport.TaskReport task : node.tasks()) {
                json.beginObject().field("name", task.name()).field("ended", task.ended())
                        .field("exit_code", task.exitCode()).end();
            }
            json.end().end();
        }
        json.end().beginObject("host").field("wall_seconds", host.wallSeconds()).field("threads", host.threads())
                .field("workers", host.workers()).field("worker_names", host.workerNames())
                .field("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"))
                .field("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .field("processors", Runtime.getRuntime().availableProcessors()).end();
        return json.toBytes();
    }

    private static void consoles(Path folder, Plan plan, RunResult result) throws IOException {
        Path consoles = Files.createDirectories(folder.resolve("consoles"));
        for (Plan.Node node : plan.nodes()) {
            Files.write(consoles.resolve(node.name() + ".log"), result.node(node.number()).console());
        }
    }

    private static void metrics(Path folder, Plan plan, RunResult result) throws IOException {
        StringBuilder csv = new StringBuilder("component,counter,value\n");
        JsonWriter json = JsonWriter.indented();
        for (LaneReport lane : result.lanes()) {
            String owner = plan.userName(plan.lanes().get(lane.lane()));
            json.beginObject(owner);
            if (lane.node() != null) {
                lane.node().metrics().forEach((name, value) -> {
                    csv.append(owner).append(',').append(name).append(',').append(value).append('\n');
                    json.field(name, value);
                });
            }
            for (LaneReport.PortReport port : lane.ports()) {
                json.beginObject(port.name());
                port.counters().forEach((name, value) -> {
                    csv.append(port.name()).append(',').append(name).append(',').append(value).append('\n');
                    json.field(name, value);
                });
                json.end();
            }
            json.end();
        }
        Files.writeString(folder.resolve("metrics.csv"), csv);
        Files.write(folder.resolve("metrics.json"), json.toBytes());
    }

    private static void trace(Path file, Plan plan, RunResult result) throws IOException {
        try (Writer out = new BufferedWriter(new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)),
                StandardCharsets.US_ASCII))) {
            out.write("lane,time_ps,kind,component,a,b,c\n");
            for (LaneReport lane : result.lanes()) {
                String owner = plan.userName(plan.lanes().get(lane.lane()));
                TraceLog log = lane.trace();
                for (int i = 0; i < log.size(); i++) {
                    out.write(owner + ',' + log.timePs(i) + ',' + log.kind(i) + ',' + log.component(i) + ',' + log.a(i)
                            + ','
                            + log.b(i) + ',' + log.c(i) + '\n');
                }
            }
        }
    }
}
