package calvin.experiment.cli;

import calvin.experiment.campaign.Campaign;
import calvin.experiment.json.JsonWriter;
import calvin.sim.time.SimTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code calvin replay}. */
// @formatter:off
@Command(name = "replay", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Repeats one experiment of a campaign from the start and compares it with what was recorded.",
                "Exit code 0 when outcome, end and state hash are the same, 3 when not: that is a bug in Calvin."})
final class ReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Parameters(paramLabel = "DIR", description = "The campaign's folder.")
    private Path folder;
    @Option(names = "--fault", paramLabel = "N", required = true, description = "Number of the fault, from 0.")
    private int fault;
    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    // @formatter:on

    @Override
    public Integer call() throws IOException {
        Campaign.Replay replay = Campaign.replay(folder, fault);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonWriter.indented().field("fault", replay.fault()).field("outcome", replay.outcome())
                    .field("state_hash", replay.stateHash()).field("end_ps", replay.endPs())
                    .field("recorded_outcome", replay.recordedOutcome())
                    .field("recorded_state_hash", replay.recordedHash())
                    .field("same", replay.same()));
        } else {
            out.println(replay.fault());
            out.println("outcome   " + replay.outcome()
                    + (replay.detail().isEmpty() ? "" : " (" + replay.detail() + ")") + " at "
                    + SimTime.format(replay.endPs()));
            out.println("state     " + replay.stateHash());
            out.println(replay.same()
                    ? "the same as recorded"
                    : "NOT the same: recorded " + replay.recordedOutcome() + ", state " + replay.recordedHash());
        }
        out.flush();
        return replay.same() ? ExitCode.SUCCESS : ExitCode.BUG;
    }
}
