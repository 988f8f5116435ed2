package calvin.experiment.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.experiment.input.InputException;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.trace.Breakdown;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One plan has one end state, however it is run. */
class DeterminismSimTest {
    @TempDir
    private Path folder;
    private PlanDocument plan;
    private Runner.Outcome straight;
    private int runs;

    @BeforeEach
    void runStraight() throws IOException {
        plan = Examples.plan(Examples.PINGPONG, folder);
        straight = run(plan, null, -1, null);
        assertTrue(straight.verdict().passed(), () -> straight.verdict().failures().toString());
    }

    private Runner.Outcome run(PlanDocument document, Path save, long saveAtPs, Path load) throws IOException {
        return Runner.run(document, new RunOptions(folder.resolve("run" + runs++), saveAtPs, save, load, false),
                "test");
    }

    private void assertSame(Runner.Outcome other) {
        assertEquals(straight.result().stateHash(), other.result().stateHash());
        assertEquals(straight.result().endPs(), other.result().endPs());
        assertEquals(new String(straight.result().node(0).console()), new String(other.result().node(0).console()));
    }

    @Test
    void aSecondRunAndMoreThreadsEndInTheSameState() throws IOException {
        assertSame(run(plan, null, -1, null));
        assertSame(run(plan.withExecution(2, null), null, -1, null));
        assertSame(run(plan.withExecution(3, null), null, -1, null));
    }

    @Test
    void noEngineChangesTheState() throws IOException {
        Runner.Outcome interpreted = run(plan.withEngine("interp"), null, -1, null);
        assertSame(interpreted);
        assertEquals(0, interpreted.stats().machines().translated());
        Runner.Outcome translated = run(plan.withEngine("jit"), null, -1, null);
        assertSame(translated);
        assertEquals(interpreted.stats().machines().instructions(), translated.stats().machines().instructions());
        assertTrue(interpreted.stats().machines().tlbFills() > 0);
    }

    @Test
    void aRunResumedAtHalfTimeEndsInTheSameState() throws IOException {
        Path snapshot = folder.resolve("half.snapshot");
        // A time that is no multiple of anything.
        assertSame(run(plan, snapshot, straight.result().endPs() / 2 + 12_345, null));
        assertSame(run(plan, null, -1, snapshot));
        assertSame(run(plan.withExecution(2, null), null, -1, snapshot));
    }

    @Test
    void aSnapshotOfAnotherPlanOrADamagedOneIsRefused() throws IOException {
        Path snapshot = folder.resolve("half.snapshot");
        run(plan, snapshot, straight.result().endPs() / 2, null);
        PlanDocument other = Examples.plan(Examples.PINGPONG + "seed: 5\n", folder);
        String message = assertThrows(InputException.class, () -> run(other, null, -1, snapshot)).getMessage();
        assertTrue(message.contains("is of another experiment"), message);
        byte[] bytes = Files.readAllBytes(snapshot);
        bytes[bytes.length / 2] ^= 1;
        Files.write(snapshot, bytes);
        message = assertThrows(InputException.class, () -> run(plan, null, -1, snapshot)).getMessage();
        assertTrue(message.contains("damaged"), message);
    }

    @Test
    void twoProcessesEndInTheSameState() throws IOException {
        assertSame(run(plan.withExecution(null, 2), null, -1, null));
    }

    @Test
    void aWorkerThatListensEndsInTheSameState() throws IOException, InterruptedException {
        int port = freePort();
        Thread worker = new Thread(() -> {
            try {
                WorkerService.listen("127.0.0.1:" + port, true, new PrintWriter(Writer.nullWriter()));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        worker.setDaemon(true);
        worker.start();
        waitForListener(port);
        PlanDocument elsewhere = Examples
                .plan(Examples.PINGPONG + "execution: {workers: [\"127.0.0.1:" + port + "\"]}\n", folder);
        assertEquals(plan.hash(), elsewhere.hash());
        assertSame(run(elsewhere, null, -1, null));
        worker.join(30_000);
    }

    /** Waits until somebody listens, without talking to them: binding the port fails. */
    private static void waitForListener(int port) throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new java.net.InetSocketAddress("127.0.0.1", port));
            } catch (IOException e) {
                return;
            }
            Thread.sleep(10);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void theStagesOfASmallMessageAddUpToWhatTheProgramMeasures() {
        Breakdown breakdown = Breakdown.of(straight.messages(), 40);
        double measuredPs = straight.tables().get(0).rows().get(0)[1] * 1e6;
        assertEquals(measuredPs, breakdown.totalPs(), 0.05 * measuredPs);
    }
}
