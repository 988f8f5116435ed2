package calvin.experiment.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.experiment.plan.PlanDocument;
import calvin.network.check.IcrcChecker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureTest {
    @TempDir
    private Path folder;

    @Test
    void everyCapturedFrameIsSoundRoceForTheCheckerAndForTshark() throws IOException, InterruptedException {
        PlanDocument plan = Examples.plan(Examples.PINGPONG.replace("observe:\n", "observe:\n  capture: all\n")
                .replace("generator: pair", "generator: star, nodes: 2"), folder);
        Path out = folder.resolve("out");
        Runner.Outcome outcome = Runner.run(plan, new RunOptions(out, -1, null, null, false), "test");
        assertTrue(outcome.verdict().passed(), () -> outcome.verdict().failures().toString());
        assertEquals(3, outcome.captures().size());
        for (IcrcChecker.Report report : outcome.captures().values()) {
            assertTrue(report.packets() > 100);
            assertEquals(report.packets(), report.roce());
            assertTrue(report.sound(), () -> report.findings().toString());
        }
        Path file = out.resolve("capture/switch0.pcapng");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/tshark")), "needs the package tshark");
        // Its dissector of RPC over RDMA takes the payload of any SEND for its own.
        Process tshark = new ProcessBuilder("tshark", "-r", file.toString(), "--disable-protocol", "rpcordma", "-T",
                "fields", "-e",
                "_ws.col.Protocol", "-e", "_ws.malformed").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String[] lines = new String(tshark.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n");
        tshark.waitFor();
        assertEquals(outcome.captures().get("switch0.pcapng").packets(), lines.length);
        for (String line : lines) {
            assertEquals("RRoCE", line.strip());
        }
    }
}
