package calvin.experiment.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code calvin replay}. */
@Command(name = "replay", mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return ExitCode.BUG;
    }
}
