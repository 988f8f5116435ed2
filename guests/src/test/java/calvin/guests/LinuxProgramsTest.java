package calvin.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The static programs do on another emulator of Linux what the kernels of this project must make them do. */
final class LinuxProgramsTest {
    @TempDir
    private Path directory;

    @BeforeAll
    static void needsQemu() {
        Tool.assumeInstalled("qemu-riscv64", "qemu-user");
    }

    private Tool.Outcome run(String image, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("qemu-riscv64", Tool.write(directory, image).toString()));
        command.addAll(List.of(arguments));
        return Tool.run(directory, command);
    }

    @Test
    void helloPrintsItsArgumentsAndExitsWithTheFirst() throws Exception {
        Tool.Outcome outcome = run("hello", "5", "two words");
        assertEquals(5, outcome.code());
        assertTrue(outcome.text().startsWith("Hello from RISC-V, 3 arguments\n"), outcome.text());
        assertTrue(outcome.text().endsWith("  argv[1] = 5\n  argv[2] = two words\nheap ok\n"), outcome.text());
    }

    @Test
    void stdioFindsNothingBroken() throws Exception {
        Tool.Outcome outcome = run("stdio");
        assertEquals(7, outcome.code(), outcome.text());
        assertTrue(outcome.text().contains("pi 3.141593, e  2.718e+00, hex 0xc0ffee, text 'calvin  ', third 0.333333"));
        assertTrue(outcome.text().contains("0 failures\n"), outcome.text());
    }

    @Test
    void threadsTakeTurns() throws Exception {
        Tool.Outcome outcome = run("threads", "3");
        assertEquals(0, outcome.code(), outcome.text());
        assertEquals("""
                thread 0 has its turn
                thread 1 has its turn
                thread 2 has its turn
                3 threads, count 6000: ok
                """, outcome.text());
    }

    @Test
    void tinyExitsWith42() throws Exception {
        assertEquals(new Tool.Outcome(42, "tiny\n"), run("tiny"));
    }

    @Test
    void aJobOfOneNeedsNoCard() throws Exception {
        Tool.Outcome outcome = run("allreduce", "8", "64", "2");
        assertEquals(0, outcome.code(), outcome.text());
        assertTrue(outcome.text().endsWith("data ok\n"), outcome.text());
    }

    @Test
    void pingpongRefusesToRunAlone() throws Exception {
        Tool.Outcome outcome = run("pingpong");
        assertEquals(2, outcome.code());
        assertTrue(outcome.text().contains("needs 2 ranks"), outcome.text());
    }
}
