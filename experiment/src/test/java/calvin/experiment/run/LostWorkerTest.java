package calvin.experiment.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.experiment.plan.PlanDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
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
        // Long enough to be killed in the middle: minutes.
        PlanDocument plan = Examples
                .plan(Examples.PINGPONG.replace("\"1024\", \"2\"", "\"1048576\", \"100\"").replace("20 ms", "10 s")
                        .replace("heap: 8 MiB", "heap: 16 MiB"), folder)
                .withExecution(null, 2);
        Path out = folder.resolve("out");
        CompletableFuture<Throwable> ending = CompletableFuture.supplyAsync(() -> {
            try {
                Runner.run(plan, new RunOptions(out, -1, null, null, false), "test");
                return null;
            } catch (Exception e) {
                return e;
            }
        });
        ProcessHandle worker = awaitWorker();
        Thread.sleep(2_000);
        worker.destroyForcibly();
        Throwable thrown = ending.get(60, java.util.concurrent.TimeUnit.SECONDS);
        assertTrue(thrown instanceof WorkerLostException, () -> "thrown: " + thrown);
        assertTrue(thrown.getMessage().contains("worker 1 (process " + worker.pid() + ") is lost"),
                thrown.getMessage());
        assertNoResult(out);
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
