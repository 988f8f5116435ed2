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
import calvin.experiment.stats.RunStats;
import calvin.experiment.stats.Stopwatch;
import calvin.experiment.trace.Message;
import calvin.experiment.trace.MessageFinder;
import calvin.network.check.IcrcChecker;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Runs an experiment from a plan to a run directory. */
public final class Runner {
    private Runner() {}

    /**
     * What came out.
     *
     * @param messages those of the trace that can be followed from end to end
     * @param captures what an independent check of every captured frame says, by file
     * @param stats    of this process; null where several ran it
     * @param folder   the run directory
     */
    public record Outcome(RunResult result, Verdict verdict, List<Table> tables, List<Message> messages,
            Map<String, IcrcChecker.Report> captures, RunWriter.HostFacts host, RunStats stats, Path folder) {}

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
            throw new InputException(Place.of("--save, --load"),
                    "snapshots need the whole world in one process: add --workers 1 (the"
                            + " result is the same)");
        }
        ResultFolder folder = ResultFolder.begin(options.out(), document.plan().name());
        boolean whole = false;
        String why = "the run was interrupted";
        long startNs = System.nanoTime();
        Stopwatch watch = Stopwatch.start();
        RunStats[] stats = {null};
        try (Progress progress = options.watched()
                ? Progress.ofRun(document.plan().name(), document.plan().untilPs())
                : Progress.silent()) {
            RunResult result = distributed
                    ? DistributedRun.run(document, folder.path(), progress)
                    : LocalRun.run(document, options, folder.path().resolve(WorkerRun.CAPTURE), progress,
                            machines -> stats[0] = watch.stop(machines));
            RunWriter.HostFacts host = new RunWriter.HostFacts((System.nanoTime() - startNs) / 1e9, execution.threads(),
                    execution.processes(), execution.hosts().stream().map(Object::toString).toList());
            Verdict verdict = Verdict.of(document, result);
            List<Table> tables = tables(document, result);
            List<Message> messages = MessageFinder.find(result.traces());
            RunWriter.write(folder.path(), document, result, verdict, tables, messages, host, version);
            Map<String, IcrcChecker.Report> captures = checkCaptures(folder.path().resolve(WorkerRun.CAPTURE));
            folder.finish();
            whole = true;
            return new Outcome(result, verdict, tables, messages, captures, host, stats[0], folder.target());
        } catch (InputException e) {
            folder.discard();
            whole = true;
            throw e;
        } catch (RuntimeException | IOException e) {
            why = e.getMessage();
            throw e;
        } finally {
            if (!whole) {
                folder.abandon(why);
            }
        }
    }

    /** Looks at every captured frame with a checker that shares no code with the cards. */
    private static Map<String, IcrcChecker.Report> checkCaptures(Path folder) throws IOException {
        Map<String, IcrcChecker.Report> reports = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            List<Path> files;
            try (Stream<Path> entries = Files.list(folder)) {
                files = entries.sorted().toList();
            }
            for (Path file : files) {
                try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                    reports.put(file.getFileName().toString(), IcrcChecker.check(in));
                }
            }
        }
        return reports;
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
