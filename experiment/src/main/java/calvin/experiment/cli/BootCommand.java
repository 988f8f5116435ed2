package calvin.experiment.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code calvin boot}. */
@Command(name = "boot", mixinStandardHelpOptions = true)
final class BootCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return ExitCode.BUG;
    }
}
