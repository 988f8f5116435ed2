package calvin.guests.debian;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Runs the host's tools. */
final class Tool {
    private static final int SHOWN_LINES = 4;

    private Tool() {}

    /** What reads a tool's output. */
    interface Reader<T> {
        T read(InputStream output) throws IOException;
    }

    /** @throws DebianException when a program is not on the path; {@code debianPackage} has it */
    static void require(String program, String debianPackage) throws DebianException {
        boolean found = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder.isEmpty() ? "." : folder, program)));
        if (!found) {
            throw new DebianException(program + " is not installed: this needs a Debian or Ubuntu host (package "
                    + debianPackage + ")");
        }
    }

    /** Runs a command to its end and returns what it prints on standard output. */
    static String run(Path folder, List<String> command) throws IOException, DebianException {
        return read(folder, command, output -> new String(output.readAllBytes(), StandardCharsets.UTF_8));
    }

    /**
     * Runs a command and has its standard output read while it runs.
     *
     * @throws DebianException when it fails, with the last of what it says
     */
    static <T> T read(Path folder, List<String> command, Reader<T> reader) throws IOException, DebianException {
        Path errors = Files.createTempFile("calvin", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectError(errors.toFile());
            // Messages that are looked at below, in the language they are known in.
            builder.environment().put("LC_ALL", "C.UTF-8");
            Process process = builder.start();
            T result;
            try (InputStream output = process.getInputStream()) {
                result = reader.read(output);
            } finally {
                // A reader that fails leaves a process that would write for ever.
                process.getInputStream().close();
            }
            int code = process.waitFor();
            if (code != 0) {
                throw new DebianException(command.getFirst() + " failed (" + code + "): " + tail(errors));
            }
            return result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DebianException("interrupted while " + command.getFirst() + " ran");
        } finally {
            Files.deleteIfExists(errors);
        }
    }

    private static String tail(Path errors) throws IOException {
        List<String> lines = Files.readString(errors, StandardCharsets.UTF_8).lines().map(String::strip)
                .filter(line -> !line.isEmpty()).toList();
        return String.join("; ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }
}
