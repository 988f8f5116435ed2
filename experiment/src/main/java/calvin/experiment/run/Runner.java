package calvin.experiment.run;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.report.RunResult;
import calvin.experiment.report.Table;
import calvin.experiment.report.Verdict;
import calvin.experiment.results.ResultFolder;
import calvin.experiment.results.RunWriter;
import calvin.experiment.spec.ExecutionSpec;
import calvin.experiment.spec.ObserveSpec;
import calvin.experiment.trace.Message;
import calvin.experiment.trace.MessageFinder;
import calvin.sim.time.SimTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs an experiment from a plan to a run directory. */
public final class Runner {
    private Runner() {
    }

    /**
     * What came out.
     *
     * @param folder   the run directory
     * @param messages those of the trace that can be followed from end to end
     */
    public record Outcome(RunResult result, Verdict verdict, List<Table> tables, List<Message> messages, RunWriter.HostFacts host,
            Path folder) {
    }

    /**
     * Runs. The run directory appears under its name when it is whole; a run that dies leaves {@code DIR.partial}.
     *
     * @throws InputException      if the options do not fit together or a snapshot does not fit the plan
     * @throws WorkerLostException if a worker cannot be reached or dies
     */
    public static Outcome run(PlanDocument document, RunOptions options, String version) throws IOException {
        ExecutionSpec execution = document.spec().execution();
        boolean distributed = execution.processes() > 1;
        if (distributed && (options.load() != null || options.save() != null)) {
            throw new InputException(Place.of("--save, --load"), "snapshots need the whole world in one process: add --workers 1 (the"
                    + " result is the same)");
        }
        ResultFolder folder = ResultFolder.begin(options.out(), document.plan().name());
        boolean whole = false;
        String why = "the run was interrupted";
        long startNs = System.nanoTime();
        try (Progress progress = options.watched() ? Progress.ofRun(document.plan().name(), SimTime.NEVER) : Progress.silent()) {
            RunResult result = distributed
                    ? DistributedRun.run(document, folder.path(), progress)
                    : LocalRun.run(document, options, folder.path().resolve(WorkerRun.CAPTURE), progress);
            RunWriter.HostFacts host = new RunWriter.HostFacts((System.nanoTime() - startNs) / 1e9, execution.threads(),
                    execution.processes(), execution.hosts().stream().map(Object::toString).toList());
            Verdict verdict = Verdict.of(document, result);
            List<Table> tables = tables(document, result);
            List<Message> messages = MessageFinder.find(result.traces());
            RunWriter.write(folder.path(), document, result, verdict, tables, messages, host, version);
            folder.finish();
            whole = true;
            return new Outcome(result, verdict, tables, messages, host, folder.target());
        } catch (RuntimeException | IOException e) {
            why = e.getMessage();
            throw e;
        } finally {
            if (!whole) {
                folder.abandon(why);
            }
        }
    }

    private static List<Table> tables(PlanDocument document, RunResult result) {
        List<Table> tables = new ArrayList<>();
        for (ObserveSpec.TableSpec spec : document.spec().observe().tables()) {
            int node = document.plan().node(spec.console().value()).number();
            tables.add(Table.extract(spec, result.node(node).console()));
        }
        return tables;
    }
}
