package calvin.experiment.gdb;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.experiment.boot.BootImages;
import calvin.experiment.boot.BootOptions;
import calvin.experiment.boot.BootRun;
import calvin.experiment.boot.ExecOptions;
import calvin.experiment.boot.ExecRun;
import calvin.experiment.boot.Inspection;
import calvin.machine.board.BoardSpec;
import calvin.machine.timing.Fidelity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Boots a machine that waits for gdb, and runs a script in a real gdb on it. */
final class GdbRig {
    private static final String GDB = "gdb-multiarch";
    private static final String GCC = "riscv64-linux-gnu-gcc";
    private static final Pattern PORT = Pattern.compile("target remote :(\\d+)");
    private static final long LIMIT_S = 120;

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private int exitCode = -1;

    static void assumeInstalled() {
        assumeTrue(runs(GDB), GDB + " is not installed (Debian package gdb-multiarch)");
        assumeTrue(runs(GCC), GCC + " is not installed (Debian package gcc-riscv64-linux-gnu)");
    }

    private static boolean runs(String tool) {
        try {
            Process process = new ProcessBuilder(tool, "--version").redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Compiles a program of {@code src/test/c} for the start of RAM, with debug information. */
    static Path compileBare(Path folder, String name) throws IOException, InterruptedException {
        return compile(folder, name, "-nostdlib", "-mcmodel=medany", "-march=rv64gc", "-mabi=lp64d", "-fno-pic",
                "-no-pie", "-Wl,--build-id=none,-Ttext-segment=0x80000000,-e,_start,-N,--no-warn-rwx-segments");
    }

    /** Compiles a static Linux program of {@code src/test/c}, with debug information. */
    static Path compile(Path folder, String name, String... options) throws IOException, InterruptedException {
        Path source = root().resolve("experiment/src/test/c/" + name + ".c");
        Path elf = folder.resolve(name + ".elf");
        List<String> command = new ArrayList<>(List.of(GCC, "-g", "-O1", "-static", "-fno-omit-frame-pointer"));
        command.addAll(List.of(options));
        command.addAll(List.of("-o", elf.toString(), source.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor() == 0, said);
        return elf;
    }

    static Path root() {
        Path path = Path.of("").toAbsolutePath();
        while (!Files.exists(path.resolve("ARCHITECTURE.md"))) {
            path = path.getParent();
        }
        return path;
    }

    /** Runs a machine and returns its exit code. */
    private interface Run {
        int run(InputStream in, PrintStream out, PrintStream messages) throws IOException;
    }

    /** Boots, runs the commands in gdb, waits for the end of both, and returns what gdb said. */
    String debug(BootImages images, BoardSpec board, Path symbols, String... commands)
            throws IOException, InterruptedException {
        BootOptions options = BootOptions.of(images, board).withInspection(Inspection.NONE.withGdb("0"));
        return debug((in, out, err) -> BootRun.run(options, in, out, err), symbols, commands);
    }

    /** The same with a static Linux program on the lightweight kernel. */
    String debugProgram(Path elf, String... commands) throws IOException, InterruptedException {
        ExecOptions options = new ExecOptions(elf.toString(), List.of(), 2, 256L << 20, false, "jit",
                Fidelity.FUNCTIONAL, false, Inspection.NONE.withGdb("0"));
        return debug((in, out, err) -> ExecRun.run(options, in, out, err), elf, commands);
    }

    private String debug(Run run, Path symbols, String... commands) throws IOException, InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread boot = new Thread(() -> {
            try {
                exitCode = run.run(InputStream.nullInputStream(), new PrintStream(console),
                        new PrintStream(messages, true));
            } catch (Throwable problem) {
                failure.set(problem);
            }
        });
        boot.setDaemon(true);
        boot.start();
        Matcher port = PORT.matcher("");
        for (int i = 0; i < 500 && !port.reset(messages.toString()).find() && failure.get() == null; i++) {
            Thread.sleep(20);
        }
        assertTrue(failure.get() == null, "the machine failed: " + failure.get());
        List<String> script = new ArrayList<>(List.of("set pagination off", "set confirm off", "set width 0",
                "set architecture riscv:rv64", "target remote :" + port.group(1)));
        script.addAll(List.of(commands));
        Path file = Files.createTempFile("calvin", ".gdb");
        try {
            Files.write(file, script);
            List<String> command = new ArrayList<>(List.of(GDB, "-nx", "-batch", "-x", file.toString()));
            if (symbols != null) {
                command.add(symbols.toString());
            }
            Process gdb = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null"))).start();
            String said = new String(gdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(gdb.waitFor(LIMIT_S, TimeUnit.SECONDS), "gdb does not end: " + said);
            boot.join(TimeUnit.SECONDS.toMillis(LIMIT_S));
            assertTrue(!boot.isAlive(), "the machine does not end: " + said + messages);
            assertTrue(failure.get() == null, "the machine failed: " + failure.get() + "\n" + said);
            return said;
        } finally {
            Files.delete(file);
        }
    }

    String console() {
        return console.toString();
    }

    String messages() {
        return messages.toString();
    }

    int exitCode() {
        return exitCode;
    }
}
