package calvin.experiment.cli;

import calvin.experiment.run.WorkerService;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code calvin worker}. */
// @formatter:off
@Command(name = "worker", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Advances part of the worlds of runs that start elsewhere.",
                "A run finds it by `execution: {workers: [HOST:PORT]}` in its file."})
final class WorkerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @ArgGroup(exclusive = true, multiplicity = "1")
    private Way way;
    @Option(names = "--number", paramLabel = "N", defaultValue = "-1", hidden = true)
    private int number;
    @Option(names = "--once", description = "Ends after one run.")
    private boolean once;

    private static final class Way {
        @Option(names = "--listen", paramLabel = "HOST:PORT",
                description = "Waits for runs there. Unless HOST is this machine's loopback, "
                        + "CALVIN_WORKER_SECRET must be set, here and there.")
        private String listen;
        @Option(names = "--connect", paramLabel = "HOST:PORT", hidden = true)
        private String connect;
    }

    // @formatter:on

    @Override
    public Integer call() throws IOException {
        if (way.connect != null) {
            WorkerService.connect(way.connect, number);
        } else {
            WorkerService.listen(way.listen, once, spec.commandLine().getErr());
        }
        return ExitCode.SUCCESS;
    }
}
