package calvin.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor and bare-metal images on an independent machine: what they find right there must be right. */
final class KernelsOnQemuTest {
    @TempDir
    private Path directory;

    @BeforeAll
    static void needsQemu() {
        Tool.assumeInstalled("qemu-system-riscv64", "qemu-system-misc");
    }

    private Tool.Outcome run(String image, String... machine) throws Exception {
        List<String> command = new ArrayList<>(List.of("qemu-system-riscv64", "-nographic"));
        command.addAll(List.of(machine));
        command.addAll(List.of("-kernel", Tool.write(directory, image).toString()));
        return Tool.run(directory, command);
    }

    @Test
    void supervisorKernelPassesOnTwoHarts() throws Exception {
        Tool.Outcome outcome = run("smode.elf", "-M", "virt", "-smp", "2", "-bios", "default");
        assertEquals(0, outcome.code(), outcome.text());
        assertTrue(outcome.text().contains("SELFTEST PASSED 33/33"), outcome.text());
        assertFalse(outcome.text().contains("[skip]"), outcome.text());
    }

    @Test
    void supervisorKernelSkipsWhatNeedsASecondHart() throws Exception {
        Tool.Outcome outcome = run("smode.elf", "-M", "virt", "-smp", "1", "-bios", "default");
        assertEquals(0, outcome.code(), outcome.text());
        assertTrue(outcome.text().contains("SELFTEST PASSED 25/25 (8 skipped)"), outcome.text());
    }

    @Test
    void bareImagesTellTheirHostHowTheyEnded() throws Exception {
        assertEquals(0, run("pass.elf", "-M", "spike", "-bios", "none").code());
        assertEquals(3, run("fail.elf", "-M", "spike", "-bios", "none").code());
    }
}
