package calvin.experiment.cli;

import calvin.experiment.plan.PlanDocument;
import calvin.experiment.plan.PlanSummary;
import calvin.experiment.plan.Planner;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code calvin plan}. */
// @formatter:off
@Command(name = "plan",
        description = "What would run, where, how big and how slow; runs nothing.", mixinStandardHelpOptions = true,
        sortOptions = false)
final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Parameters(paramLabel = "FILE", description = "The experiment file.")
    private Path file;
    @Option(names = "--seed", paramLabel = "N", description = "Replaces the file's seed.")
    private Long seed;
    @Option(names = "--workers", paramLabel = "N", description = "Number of local processes instead of the file's.")
    private Integer workers;
    @Option(names = "--threads", paramLabel = "N", description = "Threads in each process instead of the file's.")
    private Integer threads;
    @Option(names = "--json", description = "The summary as one JSON object.")
    private boolean json;
    @Option(names = "--expanded", description = "The expanded plan itself: the canonical document that the hash is of.")
    private boolean expanded;

    // @formatter:on

    @Override
    public Integer call() {
        PlanDocument plan = Planner.plan(file, new Planner.Changes(seed, null, null, Map.of())).withExecution(threads,
                workers);
        PlanSummary summary = PlanSummary.of(plan);
        PrintWriter out = spec.commandLine().getOut();
        out.print(expanded
                ? new String(plan.bytes(), StandardCharsets.UTF_8) + "\n"
                : json ? summary.json() : summary.text());
        out.flush();
        return ExitCode.SUCCESS;
    }
}
