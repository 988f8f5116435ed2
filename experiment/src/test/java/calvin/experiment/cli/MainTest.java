package calvin.experiment.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.experiment.run.Examples;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /**
     * Commands that read standard input must find their own here: the test runner talks to this process over the real
     * one.
     */
    @BeforeEach
    void takeStandardInputAway() {
        System.setIn(InputStream.nullInputStream());
    }

    private int calvin(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
        assertFalse(err.toString().contains("\tat "), "no stack trace: " + err);
        return code;
    }

    private String file(String yaml) throws IOException {
        Path file = folder.resolve("x.yaml");
        Files.writeString(file, yaml);
        return file.toString();
    }

    @Test
    void badInputGivesOneMessageEachAndCode2() throws IOException {
        String bad = file(Examples.PINGPONG.replace("harts:", "hart:").replace("64 MiB", "64 MiBs"));
        for (String command : new String[]{"plan", "run", "campaign"}) {
            assertEquals(2, calvin(command, bad));
            String[] lines = err.toString().strip().split("\n");
            assertEquals(2, lines.length, err::toString);
            assertTrue(lines[0].startsWith("calvin: " + bad + ":4:10: unknown key `hart`; did you mean `harts`?"),
                    err::toString);
            assertTrue(lines[1].contains(":4:27: `memory`: `MiBs` is not a unit of a size"), err::toString);
        }
    }

    @Test
    void badArgumentsGiveCode2() throws IOException {
        String good = file(Examples.PINGPONG);
        assertEquals(2, calvin());
        assertEquals(2, calvin("rnu", good));
        assertTrue(err.toString().contains("did you mean `run`?"), err::toString);
        assertEquals(2, calvin("run", good, "--wokers", "2"));
        assertTrue(err.toString().contains("did you mean `--workers`?"), err::toString);
        assertEquals(2, calvin("run", folder.resolve("absent.yaml").toString()));
        assertTrue(err.toString().contains("there is no such file"), err::toString);
        assertEquals(2, calvin("run", good, "--save-at", "1 ms"));
        assertEquals(2, calvin("run", good, "--save-at", "1", "--save", "f"));
        assertEquals(2, calvin("run", good, "--fidelity", "exact"));
        assertTrue(err.toString().contains("FUNCTIONAL"), err::toString);
        assertEquals(2, calvin("run", good, "--load", folder.resolve("absent").toString(), "-o",
                folder.resolve("o").toString()));
        assertEquals(2, calvin("run", good, "--capture", "nobody"));
        assertEquals(2, calvin("campaign", good));
        assertTrue(err.toString().contains("has no `faults`"), err::toString);
        assertEquals(2, calvin("campaign", good, "--shard", "3/2"));
        assertEquals(2, calvin("replay", folder.toString(), "--fault", "1"));
        assertEquals(2, calvin("worker", "--listen", "nonsense"));
        assertEquals(2, calvin("worker", "--listen", "0.0.0.0:0"));
        assertTrue(err.toString().contains("CALVIN_WORKER_SECRET"), err::toString);
        assertEquals(2, calvin("boot", "--elf", "absent"));
        assertEquals(2, calvin("boot", "--elf", "pass.elf", "--memory", "1 ms"));
        assertEquals(2, calvin("boot", "--elf", "pass.elf", "--harts", "100000"));
        assertEquals(2, calvin("boot", "--elf", "pass.elf", "--signature", folder.resolve("s").toString()));
        assertEquals(2, calvin("exec", "--memory", "1M", "hello"));
    }

    @Test
    void planPrintsPlacementLookaheadAndHash() throws IOException {
        String good = file(Examples.PINGPONG);
        assertEquals(0, calvin("plan", good, "--workers", "2"));
        assertTrue(out.toString().contains("lookahead   200.000 ns, set by the link node0 - node1"), out::toString);
        assertTrue(out.toString().contains("slow-down"), out::toString);
        assertEquals(0, calvin("plan", good, "--json"));
        assertTrue(out.toString().contains("\"lookahead_ps\" : 200000"), out::toString);
        assertEquals(0, calvin("plan", good, "--expanded"));
        assertTrue(out.toString().startsWith("{\"calvin_plan\":1,"), out::toString);
    }

    @Test
    void runPrintsTheTableAndTheStagesAndWritesTheRunDirectory() throws IOException {
        Path dir = folder.resolve("result");
        assertEquals(0, calvin("run", file(Examples.PINGPONG), "-o", dir.toString()), () -> err.toString() + out);
        assertTrue(out.toString().contains("latency_us"), out::toString);
        for (String stage : new String[]{"software", "doorbell", "dma", "wire", "switch", "completion"}) {
            assertTrue(out.toString().contains("\n" + stage), out::toString);
        }
        for (String name : new String[]{"manifest.json", "plan.json", "metrics.csv", "metrics.json", "trace.csv.gz",
            "results.sqlite",
            "consoles/node0.log", "consoles/node1.log"}) {
            assertTrue(Files.size(dir.resolve(name)) > 0 || name.endsWith("node1.log"), name);
        }
        assertEquals(2, calvin("run", file(Examples.PINGPONG), "-o", dir.toString()));
        assertTrue(err.toString().contains("exists already"), err::toString);
    }

    @Test
    void anExpectationThatFailsGivesCode1() throws IOException {
        String yaml = Examples.PINGPONG.replace("at_most: 2", "at_most: 0.7").replace("data ok", "data perfect");
        assertEquals(1, calvin("run", file(yaml), "-o", folder.resolve("r").toString()));
        assertTrue(out.toString().contains(":14:5: the console of node0 does not contain `data perfect`"),
                out::toString);
        assertTrue(out.toString().contains(":15:5: latency_us where bytes is 8 is 1."), out::toString);
    }

    @Test
    void guestListNamesTheCatalogue() {
        assertEquals(0, calvin("guest", "list"));
        assertTrue(out.toString().contains("pingpong"), out::toString);
        assertEquals(0, calvin("guest", "list", "--json"));
        assertEquals(0, calvin("--version"));
        assertEquals(0, calvin("run", "--help"));
    }
}
