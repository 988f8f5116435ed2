package calvin.experiment.arch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where the sources are, from whatever folder the tests run in. */
final class Project {
    /** The modules whose sources the laws hold for. */
    static final List<String> MODULES = List.of("sim", "machine", "hypervisor", "lwk", "enclave", "guests", "network",
            "experiment",
            "bench");

    private Project() {}

    static Path root() {
        Path path = Path.of("").toAbsolutePath();
        while (path != null && !Files.exists(path.resolve("ARCHITECTURE.md"))) {
            path = path.getParent();
        }
        if (path == null) {
            throw new IllegalStateException("the project's root is not above " + Path.of("").toAbsolutePath());
        }
        return path;
    }

    /** All files below {@code folder} whose name ends so, sorted; none where the folder is absent. */
    static List<Path> files(Path folder, String end) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).filter(file -> file.toString().endsWith(end)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Java sources of all modules, the tests included. */
    static List<Path> sources() {
        List<Path> all = new ArrayList<>();
        for (String module : MODULES) {
            all.addAll(files(root().resolve(module).resolve("src"), ".java"));
        }
        return all;
    }
}
