package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.machine.elf.ElfException;
import calvin.machine.fitting.InterruptTable;
import calvin.sim.time.SimTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program on the bare machine prints what the registers of the Advanced Interrupt Architecture hold and which traps
 * are taken. All of it is what the specification says (the text beside the program, read line by line against it); what
 * QEMU 7.2 has of it is the same there.
 */
class AiaProgramTest {
    private static final String GCC = "riscv64-linux-gnu-gcc";
    private static final String QEMU = "qemu-system-riscv64";
    /** QEMU delivers some messages from another thread: on a busy machine the program may be there before them. */
    private static final int QEMU_RUNS = 4;
    private static final List<String> SOURCES = List.of("aia.c", "start.S", "aia.lds", "aia.txt");

    @TempDir
    Path folder;

    private static boolean installed(String tool) {
        return Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }

    private Path program() throws IOException, InterruptedException {
        assumeTrue(installed(GCC), "needs " + GCC + " (Debian package gcc-riscv64-linux-gnu)");
        for (String name : SOURCES) {
            try (InputStream in = AiaProgramTest.class.getResourceAsStream("/calvin/machine/aia/" + name)) {
                Files.write(folder.resolve(name), in.readAllBytes());
            }
        }
        run(folder.resolve("gcc.txt"), GCC, "-march=rv64imac_zicsr_zifencei", "-mabi=lp64", "-mcmodel=medany", "-O1",
                "-ffreestanding", "-fno-pie", "-no-pie", "-nostdlib", "-static", "-Wl,-T,aia.lds",
                "-Wl,--build-id=none", "-o", "aia.elf", "start.S", "aia.c");
        return folder.resolve("aia.elf");
    }

    private void run(Path output, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile()).redirectInput(ProcessBuilder.Redirect.PIPE).start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), command[0] + " does not end");
        } finally {
            process.destroyForcibly();
        }
        assertEquals(0, process.exitValue(), () -> command[0] + " fails");
    }

    private static Rig here(Path program) throws IOException, ElfException {
        Rig rig = new Rig(BoardSpec.virt(1, 64 << 20).withInterrupts(InterruptTable.AIA));
        rig.machine.bootBare(rig.machine.loadElf(Files.readAllBytes(program)).entry());
        return rig.run(SimTime.PS_PER_MS, SimTime.PS_PER_S);
    }

    private static List<String> lines(String text) {
        return text.lines().map(line -> line.replace("\r", "")).toList();
    }

    @Test
    void theProgramPrintsWhatTheSpecificationSays() throws IOException, InterruptedException, ElfException {
        Rig rig = here(program());
        assertEquals(lines(Files.readString(folder.resolve("aia.txt"))), lines(rig.output.toString()));
        assertEquals("exited with code 0", rig.machine.status().toString());
    }

    @Test
    void theProgramPrintsTheSameOnQemu() throws IOException, InterruptedException, ElfException {
        assumeTrue(installed(QEMU), QEMU + " is not installed (Debian package qemu-system-misc)");
        Path program = program();
        Path output = folder.resolve("output");
        List<String> here = common(lines(here(program).output.toString()));
        List<String> there = List.of();
        for (int i = 0; i < QEMU_RUNS && !there.equals(here); i++) {
            run(output, QEMU, "-machine", "virt,aia=aplic-imsic,aia-guests=7", "-m", "64M", "-nographic", "-bios",
                    program.toString());
            there = common(lines(Files.readString(output, StandardCharsets.UTF_8)));
        }
        assertEquals(there, here);
    }

    private static List<String> common(List<String> lines) {
        return lines.stream().filter(line -> !line.startsWith("+ ")).toList();
    }
}
