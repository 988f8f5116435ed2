package calvin.experiment.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code calvin campaign}. */
@Command(name = "campaign", mixinStandardHelpOptions = true)
final class CampaignCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return ExitCode.BUG;
    }
}
