package calvin.experiment.run;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.pool.ThreadPool;
import calvin.experiment.report.RunResult;
import calvin.experiment.world.Captures;
import calvin.experiment.world.RunLoop;
import calvin.experiment.world.World;
import calvin.machine.board.Engines;
import calvin.machine.board.MachineStats;
import calvin.network.topo.Placement;
import calvin.sim.event.Peers;
import calvin.sim.state.Snapshot;
import calvin.sim.state.SnapshotFile;
import calvin.sim.time.SimTime;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Runs a whole experiment in this process. */
final class LocalRun {
    private LocalRun() {}

    static RunResult run(PlanDocument document, RunOptions options, Path captureFolder, Progress progress,
            Consumer<MachineStats> stats)
            throws IOException {
        Placement placement = Placement.blocks(document.plan().topology(), 1);
        try (ThreadPool pool = new ThreadPool(document.spec().execution().threads());
                Captures captures = new Captures(document.plan(), placement, 0, captureFolder);
                World world = new World(document.plan(), document.images(), placement, 0, pool, Peers.NONE, captures,
                        true, Engines.named(document.spec().execution().engine()).orElseThrow())) {
            if (options.load() != null) {
                load(options.load(), document).restore(world.components());
            }
            RunLoop loop = new RunLoop(world, document.plan().untilPs(), watcher(world, progress));
            RunResult.End end = null;
            if (options.saveAtPs() >= 0) {
                end = loop.advance(options.saveAtPs());
                if (end != null) {
                    throw new InputException(Place.of("--save-at " + SimTime.format(options.saveAtPs())),
                            "the run ends before, at " + SimTime.format(loop.timePs()));
                }
                save(options.save(), document, world);
            }
            end = loop.advance(SimTime.NEVER);
            stats.accept(world.stats());
            return new RunResult(end, loop.timePs(), loop.windows(), world.reports());
        }
    }

    /** Shows progress, and writes what was captured as soon as nothing earlier can come. */
    static RunLoop.Watcher watcher(World world, Progress progress) {
        return (horizonPs, windows) -> {
            try {
                world.drainCaptures(horizonPs);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            progress.window(horizonPs, windows);
        };
    }

    private static Snapshot load(Path file, PlanDocument document) throws IOException {
        Place place = Place.of("--load " + file);
        if (!Files.isRegularFile(file)) {
            throw new InputException(place, "there is no such file");
        }
        try {
            SnapshotFile.Loaded loaded = SnapshotFile.read(Files.readAllBytes(file));
            if (!loaded.header().equals(document.hash())) {
                throw new InputException(place,
                        "is of another experiment: it was saved from the plan " + loaded.header()
                                + ", this is the plan " + document.hash());
            }
            return loaded.snapshot();
        } catch (SnapshotFile.FormatException e) {
            throw new InputException(place, e.getMessage());
        }
    }

    private static void save(Path file, PlanDocument document, World world) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try (OutputStream out = Files.newOutputStream(partial)) {
            SnapshotFile.write(Snapshot.take(world.components()), document.hash(), out);
        }
        Files.move(partial, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
