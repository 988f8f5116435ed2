package calvin.machine.interp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Runs the RISC-V cross compiler and user-mode QEMU. A test that needs a missing one is skipped and says which package.
 */
final class CrossTools {
    static final String GCC = "riscv64-linux-gnu-gcc";
    static final String QEMU = "qemu-riscv64";

    private CrossTools() {}

    static void assumeInstalled() {
        assumeTrue(installed(GCC), "needs " + GCC + " (Debian package gcc-riscv64-linux-gnu)");
        assumeTrue(installed(QEMU), "needs " + QEMU + " (Debian package qemu-user)");
    }

    private static boolean installed(String tool) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(directory, tool))) {
                return true;
            }
        }
        return false;
    }

    /** Runs a command with these files as standard input and output and fails unless it exits with 0. */
    static void run(Path input, Path output, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        Path errors = Files.createTempFile("calvin", ".err");
        builder.redirectError(errors.toFile());
        builder.redirectOutput(
                output == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.to(output.toFile()));
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        Process process = builder.start();
        boolean ended = process.waitFor(300, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        String said = Files.readString(errors, StandardCharsets.UTF_8);
        Files.delete(errors);
        if (!ended || process.exitValue() != 0) {
            String how = ended ? ": exit code " + process.exitValue() : ": takes too long";
            throw new IOException(String.join(" ", command) + how + "\n" + said);
        }
    }

    /** A static executable without a C library from assembler text. */
    static Path assembleProgram(Path directory, String name, String text) throws IOException, InterruptedException {
        Path source = Files.writeString(directory.resolve(name + ".S"), text);
        Path program = directory.resolve(name);
        run(null, null, GCC, "-march=rv64gc_zba_zbb_zbc_zbs_zfhmin", "-mabi=lp64d", "-nostdlib", "-static",
                "-Wl,--no-relax", "-o", program.toString(), source.toString());
        return program;
    }
}
