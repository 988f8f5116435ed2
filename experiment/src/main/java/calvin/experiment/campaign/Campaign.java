package calvin.experiment.campaign;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.run.Progress;
import calvin.sim.fault.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs campaigns and replays. Experiments run on several threads, one world each; which thread runs what changes
 * nothing.
 */
public final class Campaign {
    private static final int COMMIT_EVERY = 25;

    private Campaign() {}

    /**
     * How to run a campaign.
     *
     * @param folder  where the results are
     * @param resume  whether to go on with what is there
     * @param shard   1..{@code shards}
     * @param version of this Calvin
     */
    public record Options(Path file, Path folder, boolean resume, int shard, int shards, int threads, boolean watched,
            String version) {}

    /** Runs what is not yet done and returns the statistics over all that is. */
    public static Statistics run(PlanDocument document, Options options) throws IOException {
        if (document.spec().faults().strata().isEmpty()) {
            throw new InputException(Place.of(options.file().toString()),
                    "has no `faults`: nothing to inject (docs/campaigns.md)");
        }
        CampaignFolder folder = new CampaignFolder(options.folder());
        if (folder.exists() && !options.resume()) {
            throw new InputException(Place.of("-o " + options.folder()),
                    "holds a campaign already: add --resume to go on with it, or name"
                            + " another folder");
        }
        Golden golden = Golden.run(document);
        FaultList list = FaultList.draw(document, golden);
        if (!folder.exists()) {
            folder.create(options.file(), document);
        }
        try (CampaignTables tables = new CampaignTables(folder.database())) {
            String hash = tables.planHash();
            if (hash == null) {
                tables.writeFacts(document, golden, list, options.version(), options.shard(), options.shards());
            } else if (!hash.equals(document.hash())) {
                throw new InputException(Place.of("-o " + options.folder()),
                        "is the campaign of another plan: " + hash + ", this is "
                                + document.hash());
            } else if (!tables.shard().equals(options.shard() + "/" + options.shards())) {
                throw new InputException(Place.of("--shard " + options.shard() + "/" + options.shards()),
                        "the folder holds shard "
                                + tables.shard());
            }
            Map<Integer, Outcome> done = tables.done();
            List<Fault> todo = new ArrayList<>();
            for (Fault fault : list.faults()) {
                if (fault.id() % options.shards() == options.shard() - 1 && !done.containsKey(fault.id())) {
                    todo.add(fault);
                }
            }
            trials(document, golden, todo, tables, options);
            return Statistics.of(document, golden.result().endPs(), list, tables.outcomes());
        }
    }

    private static void trials(PlanDocument document, Golden golden, List<Fault> todo, CampaignTables tables,
            Options options)
            throws IOException {
        Trial trial = new Trial(document, GoldenOutput.of(golden.result()));
        ExecutorService threads = Executors.newFixedThreadPool(options.threads());
        try (Progress progress = options.watched()
                ? Progress.ofCount(document.plan().name(), todo.size(), "faults")
                : Progress.silent()) {
            ExecutorCompletionService<TrialResult> results = new ExecutorCompletionService<>(threads);
            todo.forEach(fault -> results.submit(() -> trial.fork(fault, golden)));
            List<TrialResult> pending = new ArrayList<>();
            for (int i = 0; i < todo.size(); i++) {
                pending.add(results.take().get());
                progress.step();
                if (pending.size() == COMMIT_EVERY || i == todo.size() - 1) {
                    tables.writeResults(pending);
                    pending.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; --resume goes on", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an experiment failed outside of its own care", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * A replay and what was recorded.
     *
     * @param same whether outcome, end and state hash are equal
     */
    public record Replay(String fault, String outcome, String stateHash, long endPs, String recordedOutcome,
            String recordedHash,
            String detail, boolean same) {}

    /** Repeats one experiment from the start, without checkpoints, and compares. */
    public static Replay replay(Path path, int id) throws IOException {
        CampaignFolder folder = new CampaignFolder(path);
        PlanDocument document = folder.plan(folder.exists() ? folder.seed() : 0);
        try (CampaignTables tables = new CampaignTables(folder.database())) {
            Fault fault = tables.fault(id);
            CampaignTables.Recorded recorded = tables.recorded(id);
            if (!document.hash().equals(tables.planHash())) {
                throw new InputException(Place.of(path.toString()),
                        "its experiment file is not the one it was made from: plan "
                                + document.hash() + ", recorded " + tables.planHash());
            }
            if (fault == null || recorded == null) {
                throw new InputException(Place.of("--fault " + id), fault == null
                        ? "the campaign has no fault of that number"
                        : "this experiment has not been run yet");
            }
            TrialResult again = new Trial(document, tables.golden()).cold(fault);
            boolean same = again.outcome() == recorded.outcome() && again.stateHash().equals(recorded.stateHash())
                    && again.endPs() == recorded.endPs();
            return new Replay(fault.toString(), CampaignTables.word(again.outcome()), again.stateHash(), again.endPs(),
                    CampaignTables.word(recorded.outcome()), recorded.stateHash(), again.detail(), same);
        }
    }
}
