package calvin.experiment.run;

import calvin.experiment.json.JsonWriter;
import calvin.experiment.pool.ThreadPool;
import calvin.experiment.report.LaneReport;
import calvin.experiment.report.RunResult;
import calvin.experiment.world.Captures;
import calvin.experiment.world.RunLoop;
import calvin.experiment.world.World;
import calvin.machine.board.Engines;
import calvin.network.topo.Placement;
import calvin.network.transport.Mesh;
import calvin.network.transport.PeerLostException;
import calvin.network.transport.TransportOptions;
import calvin.network.transport.WorkerClient;
import calvin.sim.time.SimTime;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** One worker's part of one run: takes the plan from the runner, runs its lanes, sends back what they leave behind. */
final class WorkerRun {
    /** The result in which a worker sends its lanes' reports. */
    static final String LANES = "lanes";
    /** The folder of capture files, here and in the run directory. */
    static final String CAPTURE = "capture/";
    /** How an error begins that is Calvin's own fault. */
    static final String BUG = "bug: ";

    private WorkerRun() {}

    /**
     * Takes part in a run.
     *
     * @param number this worker's number if its starter gave it one, else -1
     * @param bind   where the other workers reach this one
     * @throws PeerLostException if the runner cannot be reached or goes
     */
    static void run(InetSocketAddress runner, TransportOptions options, int number, InetSocketAddress bind,
            Progress progress)
            throws IOException {
        Path scratch = Files.createTempDirectory("calvin-worker-");
        try (Mesh mesh = Mesh.listen(bind, options);
                WorkerClient client = WorkerClient.connect(runner, options, number, mesh.address())) {
            WorkerClient.Assignment mine = client.awaitPlan();
            try {
                take(mine, mesh, client, scratch, progress);
            } catch (PeerLostException e) {
                client.error(e.getMessage());
            } catch (IOException e) {
                client.error("input or output failed: " + e);
            } catch (RuntimeException e) {
                StackTraceElement[] trace = e.getStackTrace();
                client.error(BUG + e + (trace.length == 0 ? "" : " at " + trace[0]));
            }
        } finally {
            delete(scratch);
        }
    }

    private static void take(WorkerClient.Assignment mine, Mesh mesh, WorkerClient client, Path scratch,
            Progress progress)
            throws IOException {
        Shipment shipment = Shipment.read(mine.plan());
        Placement placement = Placement.blocks(shipment.plan().topology(), mine.workers());
        mesh.join(mine.worker(), client.awaitStart(), HexFormat.of().parseHex(shipment.hash()),
                placement.workerOfPort(shipment.plan().topology()));
        List<LaneReport> reports;
        RunResult.End end;
        long endPs;
        long windows;
        Path captureFolder = scratch.resolve(CAPTURE);
        try (ThreadPool pool = new ThreadPool(shipment.threads());
                Captures captures = new Captures(shipment.plan(), placement, mine.worker(), captureFolder);
                World world = new World(shipment.plan(), shipment.images(), placement, mine.worker(), pool, mesh,
                        captures, true, Engines.named(shipment.engine()).orElseThrow())) {
            RunLoop loop = new RunLoop(world, shipment.plan().untilPs(), LocalRun.watcher(world, progress));
            end = loop.advance(SimTime.NEVER);
            endPs = loop.timePs();
            windows = loop.windows();
            reports = world.reports();
        }
        try (DataOutputStream out = new DataOutputStream(
                new BufferedOutputStream(client.file(LANES + mine.worker())))) {
            out.writeInt(reports.size());
            for (LaneReport report : reports) {
                report.write(out);
            }
        }
        sendCaptures(client, captureFolder);
        client.done(JsonWriter.compact().field("end", end.name()).field("end_ps", endPs).field("windows", windows)
                .toString());
    }

    private static void sendCaptures(WorkerClient client, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.sorted().toList();
        }
        for (Path file : files) {
            try (OutputStream out = client.file(CAPTURE + file.getFileName())) {
                Files.copy(file, out);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> tree = Files.walk(folder)) {
            all = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
