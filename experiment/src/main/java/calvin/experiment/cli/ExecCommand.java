package calvin.experiment.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code calvin exec}. */
@Command(name = "exec", mixinStandardHelpOptions = true)
final class ExecCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return ExitCode.BUG;
    }
}
