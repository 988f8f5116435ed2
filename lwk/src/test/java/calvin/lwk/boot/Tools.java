package calvin.lwk.boot;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The C compiler and the emulator that tests compare with. Tests that need one skip where it is not installed. */
final class Tools {
    private static final String COMPILER = "riscv64-linux-gnu-gcc";
    private static final String EMULATOR = "qemu-riscv64";

    private static final Map<String, byte[]> PROGRAMS = new HashMap<>();

    /** How a program ended: output of both streams, and exit code. */
    record Result(String output, int code) {}

    private Tools() {}

    /** Compiles a C program of the test resources to a static executable; once per run of the tests. */
    static byte[] compile(String source, String... options) {
        return PROGRAMS.computeIfAbsent(source + " " + List.of(options), key -> compileNow(source, options));
    }

    private static byte[] compileNow(String source, String... options) {
        assumeTrue(installed(COMPILER), COMPILER + " is not installed (package gcc-riscv64-linux-gnu)");
        try {
            Path directory = Files.createTempDirectory("lwk");
            Path file = directory.resolve(source);
            try (InputStream in = Tools.class.getResourceAsStream("/calvin/lwk/programs/" + source)) {
                Files.write(file, in.readAllBytes());
            }
            Path program = directory.resolve("program");
            List<String> command = new ArrayList<>(
                    List.of(COMPILER, "-O1", "-Wall", "-Werror", "-o", program.toString(), file.toString()));
            command.addAll(List.of(options));
            if (!command.contains("-static-pie") && !command.contains("-dynamic")) {
                command.add("-static");
            }
            command.remove("-dynamic");
            Result result = execute(command, "");
            if (result.code != 0) {
                throw new AssertionError(source + " does not compile:\n" + result.output);
            }
            byte[] bytes = Files.readAllBytes(program);
            Files.delete(program);
            Files.delete(file);
            Files.delete(directory);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the emulator makes of a program that is given no input. */
    static Result emulate(byte[] program, String... arguments) {
        return emulateWithInput(program, "", List.of(), arguments);
    }

    static Result emulateWithInput(byte[] program, String input, List<String> environment, String... arguments) {
        assumeTrue(installed(EMULATOR), EMULATOR + " is not installed (package qemu-user)");
        try {
            Path file = Files.createTempFile("lwk", ".elf");
            Files.write(file, program);
            file.toFile().setExecutable(true);
            List<String> command = new ArrayList<>(List.of(EMULATOR, "-0", "program"));
            environment.forEach(variable -> command.addAll(List.of("-E", variable)));
            command.add(file.toString());
            command.addAll(List.of(arguments));
            Result result = execute(command, input);
            Files.delete(file);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Result execute(List<String> command, String input) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " does not end");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new Result(output, process.exitValue());
    }

    private static boolean installed(String tool) {
        return java.util.Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }
}
