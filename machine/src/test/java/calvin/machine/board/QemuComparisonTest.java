package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.guests.Guests;
import calvin.machine.elf.ElfException;
import calvin.sim.time.SimTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The self-test kernel says the same here as on QEMU's virt machine with OpenSBI. */
class QemuComparisonTest {
    private static final String QEMU = "qemu-system-riscv64";

    private static boolean installed(String tool) {
        return java.util.Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    /** What the kernel itself prints: from its first line on, carriage returns dropped. */
    private static List<String> kernelLines(String output) {
        return output.lines().map(line -> line.replace("\r", ""))
                .dropWhile(line -> !line.startsWith("Calvin supervisor"))
                .filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void theSelfTestKernelPrintsTheSameOnQemu(@TempDir Path folder) throws IOException, InterruptedException,
            ElfException {
        assumeTrue(installed(QEMU), QEMU + " is not installed (Debian package qemu-system-misc)");
        Path kernel = folder.resolve("smode.elf");
        Files.write(kernel, Guests.get("smode.elf").bytes());
        Path output = folder.resolve("output");
        Process qemu = new ProcessBuilder(QEMU, "-machine", "virt", "-smp", "2", "-m", "128M", "-nographic", "-bios",
                "default", "-kernel", kernel.toString()).redirectErrorStream(true).redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        try {
            assertTrue(qemu.waitFor(60, TimeUnit.SECONDS), "QEMU does not end");
        } finally {
            qemu.destroyForcibly();
        }
        Rig rig = SelfTest.boot(BoardSpec.virt(2, 128 << 20)).run(SimTime.PS_PER_MS, SimTime.PS_PER_S);
        List<String> here = kernelLines(rig.output.toString());
        List<String> there = kernelLines(Files.readString(output, StandardCharsets.UTF_8));
        // OpenSBI picks its boot hart by lot.
        assertEquals(there.stream().map(line -> line.replaceFirst("on hart \\d+", "on hart 0")).toList(), here);
    }
}
