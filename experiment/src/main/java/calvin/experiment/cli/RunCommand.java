package calvin.experiment.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code calvin run}. */
@Command(name = "run", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return ExitCode.BUG;
    }
}
