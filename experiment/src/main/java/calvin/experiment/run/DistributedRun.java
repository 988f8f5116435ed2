package calvin.experiment.run;

import calvin.experiment.json.JsonObject;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.report.LaneReport;
import calvin.experiment.report.RunResult;
import calvin.experiment.spec.ExecutionSpec;
import calvin.network.transport.PeerLostException;
import calvin.network.transport.TransportOptions;
import calvin.network.transport.WorkerOutcome;
import calvin.network.transport.WorkerServer;
import calvin.sim.check.BugException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs an experiment in several processes: this one ships the plan, takes part as worker 0, and puts the results
 * together in the order of the plan.
 */
final class DistributedRun {
    private static final int TIMEOUT_MS = 30_000;
    private static final int HEARTBEAT_MS = 2_000;
    private static final int JOIN_TIMEOUT_MS = 30_000;

    private final PlanDocument document;
    private final Path folder;
    private final Map<Integer, ByteArrayOutputStream> lanes = new ConcurrentHashMap<>();

    private DistributedRun(PlanDocument document, Path folder) {
        this.document = document;
        this.folder = folder;
    }

    /**
     * Runs the plan.
     *
     * @param folder where captures go
     * @throws WorkerLostException if a worker cannot be reached or dies
     */
    static RunResult run(PlanDocument document, Path folder, Progress progress) throws IOException {
        return new DistributedRun(document, folder).run(progress);
    }

    private RunResult run(Progress progress) throws IOException {
        ExecutionSpec execution = document.spec().execution();
        TransportOptions options = TransportOptions.withToken(Workers.newToken()).withTimes(TIMEOUT_MS, HEARTBEAT_MS,
                JOIN_TIMEOUT_MS);
        boolean remote = !execution.hosts().isEmpty();
        try (WorkerServer server = WorkerServer.listen(Workers.bind(remote), execution.processes(), options);
                Workers workers = new Workers(options, server.address(), folder)) {
            try {
                workers.startHere(remote, progress);
                for (int i = 1; i < execution.processes(); i++) {
                    if (remote) {
                        workers.invite(i, execution.hosts().get(i - 1));
                    } else {
                        workers.spawn(i);
                    }
                }
                server.awaitWorkers();
                workers.together();
                server.start(Shipment.write(document, execution.threads()), this::sink);
                return combine(server.awaitOutcomes(), workers);
            } catch (PeerLostException e) {
                throw workers.explain(e);
            }
        }
    }

    private OutputStream sink(int worker, String name) throws IOException {
        if (name.startsWith(WorkerRun.LANES)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            lanes.put(worker, bytes);
            return bytes;
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return new BufferedOutputStream(Files.newOutputStream(file));
    }

    private RunResult combine(List<WorkerOutcome> outcomes, Workers workers) throws IOException {
        failures(outcomes, workers);
        List<LaneReport> all = new ArrayList<>();
        JsonObject first = null;
        for (WorkerOutcome outcome : outcomes) {
            JsonObject words = JsonObject.parse(outcome.text().getBytes(StandardCharsets.UTF_8));
            if (first == null) {
                first = words;
            } else if (words.number("end_ps") != first.number("end_ps")) {
                throw new BugException("workers ended at different times: " + first.number("end_ps") + " and "
                        + words.number("end_ps"));
            }
            DataInputStream in = new DataInputStream(
                    new ByteArrayInputStream(lanes.get(outcome.worker()).toByteArray()));
            for (int n = in.readInt(); n > 0; n--) {
                all.add(LaneReport.read(in));
            }
        }
        all.sort(Comparator.comparingInt(LaneReport::lane));
        return new RunResult(RunResult.End.valueOf(first.text("end")), first.number("end_ps"), first.number("windows"),
                List.copyOf(all));
    }

    /** Reports the cause before what follows from it: a worker that is gone before those that noticed. */
    private static void failures(List<WorkerOutcome> outcomes, Workers workers) {
        for (WorkerOutcome outcome : outcomes) {
            if (outcome.status() == WorkerOutcome.Status.ERROR && outcome.text().startsWith(WorkerRun.BUG)) {
                throw new BugException(
                        workers.name(outcome.worker()) + ": " + outcome.text().substring(WorkerRun.BUG.length()));
            }
        }
        for (WorkerOutcome.Status status : List.of(WorkerOutcome.Status.LOST, WorkerOutcome.Status.ERROR)) {
            for (WorkerOutcome outcome : outcomes) {
                if (outcome.status() == status) {
                    throw new WorkerLostException(workers.name(outcome.worker())
                            + (status == WorkerOutcome.Status.LOST ? " is lost: " : " failed: ")
                            + workers.named(outcome.text()));
                }
            }
        }
    }
}
