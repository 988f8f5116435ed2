package calvin.experiment.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.experiment.plan.PlanDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that is not there, or dies, ends the run with its name, and nothing that looks like a result. */
class LostWorkerTest {
    @TempDir
    private Path folder;

    private void assertNoResult(Path out) {
        assertFalse(Files.exists(out), "no run directory under its name");
        assertTrue(Files.exists(out.resolveSibling(out.getFileName() + ".partial").resolve("INCOMPLETE")));
    }

    @Test
    void aWorkerThatCannotBeReachedIsNamed() throws IOException {
        int nobody = DeterminismSimTest.freePort();
        PlanDocument plan = Examples.plan(Examples.PINGPONG + "execution: {workers: [\"127.0.0.1:" + nobody + "\"]}\n",
                folder);
        Path out = folder.resolve("out");
        String message = assertThrows(WorkerLostException.class,
                () -> Runner.run(plan, new RunOptions(out, -1, null, null, false), "test")).getMessage();
        assertTrue(message.contains("test.yaml:17:"), message);
        assertTrue(message.contains("worker 1 (127.0.0.1:" + nobody + ") cannot be reached"), message);
        assertNoResult(out);
    }

    @Test
    void aWorkerThatDiesMidwayIsNamed() throws Exception {
        WorkerLostException lost = kill(true);
        assertTrue(lost.getMessage().matches("worker 1 \\(process [0-9]+\\) is lost.*"), lost.getMessage());
    }

    @Test
    void aWorkerThatNeverComesIsNamedAtOnce() throws Exception {
        WorkerLostException lost = kill(false);
        assertTrue(lost.getMessage().matches("worker 1 \\(process [0-9]+\\) ended with code 137 before.*"),
                lost.getMessage());
    }

    /** Starts a run of minutes with two processes and kills the second, midway or at once. */
    private WorkerLostException kill(boolean midway) throws Exception {
        PlanDocument plan = Examples.plan(Examples.PINGPONG.replace("\"1024\", \"2\"", "\"1048576\", \"100\"")
                .replace("20 ms", "10 s").replace("heap: 8 MiB", "heap: 16 MiB"), folder).withExecution(null, 2);
        Path out = folder.resolve("out");
        FutureTask<Exception> run = new FutureTask<>(() -> {
            try {
                Runner.run(plan, new RunOptions(out, -1, null, null, false), "test");
                return null;
            } catch (IOException | RuntimeException e) {
                return e;
            }
        });
        new Thread(run, "run").start();
        ProcessHandle worker = awaitWorker();
        if (midway) {
            awaitCpuTime(worker);
        }
        worker.destroyForcibly();
        Exception thrown = run.get(60, TimeUnit.SECONDS);
        assertTrue(thrown instanceof WorkerLostException, () -> "thrown: " + thrown);
        assertNoResult(out);
        return (WorkerLostException) thrown;
    }

    /** A worker that has computed for so long has long joined. */
    private static void awaitCpuTime(ProcessHandle worker) throws InterruptedException {
        for (int i = 0; i < 3000; i++) {
            if (worker.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() > 3_000) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("the worker does not compute");
    }

    private static ProcessHandle awaitWorker() throws InterruptedException {
        for (int i = 0; i < 3000; i++) {
            var child = ProcessHandle.current().children()
                    .filter(c -> c.info().commandLine().orElse("").contains("--connect")
                            || c.info().arguments().map(a -> java.util.Arrays.asList(a).contains("--connect"))
                                    .orElse(false))
                    .findAny();
            if (child.isPresent()) {
                return child.get();
            }
            Thread.sleep(10);
        }
        throw new AssertionError("no worker was started");
    }
}
