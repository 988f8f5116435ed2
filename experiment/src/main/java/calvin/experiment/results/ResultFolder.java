package calvin.experiment.results;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of results that is made under the name {@code DIR.partial} and gets its own name when it is whole: a run
 * that dies leaves nothing that looks like a result.
 */
public final class ResultFolder {
    private static final int MAX_NUMBER = 100_000;

    private final Path target;
    private final Path partial;

    private ResultFolder(Path target) throws IOException {
        this.target = target;
        partial = target.resolveSibling(target.getFileName() + ".partial");
        delete(partial);
        Files.createDirectories(partial);
    }

    /**
     * Starts a folder.
     *
     * @param wanted the name the user gave, or null for {@code out/NAME-N} with the lowest free N
     * @throws InputException if it exists and is not empty
     */
    public static ResultFolder begin(Path wanted, String name) throws IOException {
        if (wanted == null) {
            for (int n = 1; n < MAX_NUMBER; n++) {
                Path candidate = Path.of("out", name + "-" + n);
                if (!Files.exists(candidate) && !Files.exists(Path.of("out", name + "-" + n + ".partial"))) {
                    return new ResultFolder(candidate);
                }
            }
        }
        Path target = wanted == null ? Path.of("out", name) : wanted;
        if (Files.exists(target) && !isEmptyFolder(target)) {
            throw new InputException(Place.of("-o " + target),
                    "exists already and is not an empty folder; name another, or remove it");
        }
        return new ResultFolder(target);
    }

    private static boolean isEmptyFolder(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
    }

    /** Where to write until {@link #finish()}. */
    public Path path() {
        return partial;
    }

    /** What it will be called. */
    public Path target() {
        return target;
    }

    /** Gives the folder its name: it is whole. */
    public void finish() throws IOException {
        Files.deleteIfExists(target);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Leaves the folder under its partial name, with a note of why. */
    public void abandon(String why) {
        try {
            Files.writeString(partial.resolve("INCOMPLETE"), why + "\n");
        } catch (IOException e) {
            // The name already says that it is partial; the reason for the failure is on its way to the user.
            return;
        }
    }

    /** Takes the folder away: nothing was begun. */
    public void discard() throws IOException {
        delete(partial);
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> tree = Files.walk(path)) {
            all = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }
}
