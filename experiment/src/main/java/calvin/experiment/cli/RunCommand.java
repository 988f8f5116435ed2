package calvin.experiment.cli;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.input.Quantity;
import calvin.experiment.input.Text;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.plan.Planner;
import calvin.experiment.run.RunOptions;
import calvin.experiment.run.Runner;
import calvin.experiment.run.Summary;
import calvin.machine.timing.Fidelity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code calvin run}. */
// @formatter:off
@Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Runs an experiment and writes a run directory.", "Exit code 0 if all it expects came "
                + "true, 1 if not."})
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Parameters(paramLabel = "FILE", description = "The experiment file.")
    private Path file;
    @Option(names = {"-o", "--out"}, paramLabel = "DIR", description = "The run directory (default: out/NAME-N).")
    private Path out;
    @Option(names = "--seed", paramLabel = "N", description = "Replaces the file's seed.")
    private Long seed;
    @Option(names = "--workers", paramLabel = "N",
            description = "Number of local processes instead of the file's; never changes results.")
    private Integer workers;
    @Option(names = "--threads", paramLabel = "N", description = "Threads in each process; never changes results.")
    private Integer threads;
    @Option(names = "--capture", paramLabel = "NODE", split = ",",
            description = "Captures the frames of these nodes' ports instead of what the file says; \"all\" for "
                    + "every port.")
    private List<String> capture;
    @Option(names = "--fidelity", paramLabel = "F",
            description = "Of all nodes, instead of the file's: functional (every instruction takes one cycle) or "
                    + "timed (caches, TLBs, NUMA and memory take their time).")
    private Fidelity fidelity;
    @Option(names = "--save-at", paramLabel = "TIME",
            description = "Saves a snapshot when this virtual time is reached, for example \"1 ms\".")
    private String saveAt;
    @Option(names = "--save", paramLabel = "FILE", description = "Where to save it.")
    private Path save;
    @Option(names = "--load", paramLabel = "FILE", description = "Goes on from a snapshot of the same plan.")
    private Path load;
    @Mixin
    private EngineOptions engine;
    @Option(names = "--json", description = "The summary as one JSON object.")
    private boolean json;

    // @formatter:on

    @Override
    public Integer call() throws IOException {
        RunOptions options = new RunOptions(out, saveAtPs(), save, load, !json);
        PlanDocument plan = Planner.plan(file, new Planner.Changes(seed, captured(), fidelity, Map.of()))
                .withExecution(threads, workers).withEngine(engine.engine());
        Runner.Outcome outcome = Runner.run(plan, options, Version.text());
        Summary summary = new Summary(plan, outcome);
        PrintWriter terminal = spec.commandLine().getOut();
        terminal.print(json ? summary.json() : summary.text());
        terminal.flush();
        if (engine.stats() && outcome.stats() != null) {
            spec.commandLine().getErr().print(outcome.stats().text());
        }
        return outcome.verdict().passed() ? ExitCode.SUCCESS : ExitCode.EXPECTATION_FAILED;
    }

    private List<Text> captured() {
        if (capture == null) {
            return null;
        }
        List<Text> names = new ArrayList<>();
        capture.forEach(name -> names.add(new Text(name, Place.of("--capture " + name))));
        return names;
    }

    private long saveAtPs() {
        if ((saveAt == null) != (save == null)) {
            throw new InputException(Place.of("--save-at, --save"), "come together: --save-at TIME --save FILE");
        }
        try {
            return saveAt == null ? -1 : Quantity.TIME.parse(saveAt);
        } catch (IllegalArgumentException e) {
            throw new InputException(Place.of("--save-at " + saveAt), e.getMessage());
        }
    }
}
