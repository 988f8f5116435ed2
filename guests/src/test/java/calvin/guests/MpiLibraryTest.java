package calvin.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The MPI and verbs libraries, compiled for this computer, on a model of the card with all ranks as coroutines of one
 * process: matching, protocols, credits, connections, collectives for 1 to 40 ranks, in an order of events drawn from
 * a seed.
 */
final class MpiLibraryTest {
    @TempDir
    private Path directory;

    @Test
    void everyProgramIsRightOnAModelOfTheCard() throws Exception {
        Tool.assumeInstalled("gcc", "gcc");
        Path c = Tool.module().resolve("src/main/c");
        Path tests = Tool.module().resolve("src/test/c");
        List<String> compile = new ArrayList<>(List.of("gcc", "-O2", "-std=c11", "-Wall", "-Wextra", "-Wshadow",
                "-Werror", "-DCALVIN_FAKE_CARD", "-I" + c.resolve("verbs"), "-I" + c.resolve("mpi"), "-o", "mpi_test"));
        compile.addAll(Tool.sources(tests, ".c"));
        compile.addAll(Tool.sources(c.resolve("mpi"), ".c"));
        compile.addAll(Tool.sources(c.resolve("verbs"), ".c", "nic.c"));
        Tool.Outcome compiled = Tool.run(directory, compile);
        assertEquals(0, compiled.code(), compiled.text());
        Tool.Outcome outcome = Tool.run(directory, directory.resolve("mpi_test").toString(), "1");
        assertEquals(new Tool.Outcome(0, "41 runs ok\n"), outcome);
    }
}
