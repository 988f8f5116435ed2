package calvin.experiment.cli;

import calvin.experiment.campaign.Campaign;
import calvin.experiment.campaign.Statistics;
import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.plan.Planner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code calvin campaign}. */
// @formatter:off
@Command(name = "campaign", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Injects the faults of an experiment file, one in each of many forks of one golden run, "
                + "and classifies what they do.",
                "Exit code 0 when all have been run, 3 when Calvin itself failed in one."})
final class CampaignCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Parameters(paramLabel = "FILE", description = "The experiment file, with a `faults` block.")
    private Path file;
    @Option(names = {"-o", "--out"}, paramLabel = "DIR",
            description = "The campaign's folder (default: the next free out/NAME-campaign-N).")
    private Path out;
    @Option(names = "--resume", description = "Goes on with a campaign that was interrupted; needs -o.")
    private boolean resume;
    @Option(names = "--shard", paramLabel = "I/N",
            description = "Runs every N-th fault only, from the I-th: for N hosts.")
    private String shard;
    @Option(names = "--seed", paramLabel = "N",
            description = "Replaces the file's seed (not that of `faults`, if it has one).")
    private Long seed;
    @Option(names = "--threads", paramLabel = "N",
            description = "Experiments at a time instead of the file's number of threads.")
    private Integer threads;
    @Option(names = "--json", description = "The statistics as one JSON object.")
    private boolean json;

    // @formatter:on

    @Override
    public Integer call() throws IOException {
        int[] part = part();
        PlanDocument plan = Planner.plan(file, new Planner.Changes(seed, null, null, Map.of()))
                .withExecution(threads, null);
        if (resume && out == null) {
            throw new InputException(Place.of("--resume"), "needs -o DIR, the campaign's folder");
        }
        Path folder = out != null ? out : free(plan.plan().name());
        Statistics statistics = Campaign.run(plan, new Campaign.Options(file, folder, resume, part[0], part[1],
                plan.spec().execution().threads(), !json, Version.text()));
        PrintWriter terminal = spec.commandLine().getOut();
        terminal.print(json ? statistics.json() : statistics.text() + "results in " + folder + "\n");
        terminal.flush();
        return statistics.anyToolError() ? ExitCode.BUG : ExitCode.SUCCESS;
    }

    private int[] part() {
        if (shard == null) {
            return new int[]{1, 1};
        }
        if (!shard.matches("[0-9]{1,6}/[0-9]{1,6}")) {
            throw new InputException(Place.of("--shard " + shard), "is written I/N, for example 1/4");
        }
        int index = Integer.parseInt(shard.substring(0, shard.indexOf('/')));
        int count = Integer.parseInt(shard.substring(shard.indexOf('/') + 1));
        if (index < 1 || index > count) {
            throw new InputException(Place.of("--shard " + shard), "I must be from 1 to N");
        }
        return new int[]{index, count};
    }

    private static Path free(String name) {
        int n = 1;
        while (Files.exists(Path.of("out", name + "-campaign-" + n))) {
            n++;
        }
        return Path.of("out", name + "-campaign-" + n);
    }
}
