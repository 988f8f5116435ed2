package calvin.guests;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Outside programs the tests use, and this module's own files. */
final class Tool {
    private static final int LIMIT_SECONDS = 120;

    /** What a program printed, both streams together, and its exit code. */
    record Outcome(int code, String text) {}

    private Tool() {}

    /** Skips the test unless the program is on the path; the message names the Debian package that has it. */
    static void assumeInstalled(String program, String debianPackage) {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
        assumeTrue(found, program + " is not installed (Debian package " + debianPackage + ")");
    }

    /** Runs a program to its end, without input. */
    static Outcome run(Path directory, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("calvin-guests", ".txt");
        try {
            Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                    .redirectInput(new File("/dev/null")).redirectOutput(output.toFile()).start();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(output, StandardCharsets.ISO_8859_1);
            assertTrue(ended, () -> command + " did not end in " + LIMIT_SECONDS + " s: " + text);
            return new Outcome(process.exitValue(), text);
        } finally {
            Files.delete(output);
        }
    }

    static Outcome run(Path directory, String... command) throws IOException, InterruptedException {
        return run(directory, List.of(command));
    }

    /** Writes an image to the directory as an executable file. */
    static Path write(Path directory, String image) throws IOException {
        Path file = Files.write(directory.resolve(image), Guests.get(image).bytes());
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    /** The module's folder, whether tests run in it or in the project's root. */
    static Path module() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("build-images.sh")) ? here : here.resolve("guests");
    }

    /** Files of a folder with that ending, sorted by name. */
    static List<String> sources(Path folder, String ending, String... without) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> found = new ArrayList<>(
                    files.map(Path::toString).filter(name -> name.endsWith(ending)).sorted().toList());
            for (String name : without) {
                found.remove(folder.resolve(name).toString());
            }
            return found;
        }
    }
}
