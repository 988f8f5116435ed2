package calvin.guests.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where built guests are kept: {@code $XDG_CACHE_HOME/calvin/debian}, or {@code ~/.cache/calvin/debian}.
 *
 * <pre>
 * apt/SUITE/         the state of apt
 * images/HASH/       a guest's files, by what they were made of
 * names/NAME         which of them a name means
 * </pre>
 */
public final class GuestStore {
    private final Path home;

    public GuestStore(Path home) {
        this.home = home;
    }

    /** The user's. */
    public static GuestStore ofUser() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache == null || !cache.startsWith("/")
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(cache);
        return new GuestStore(base.resolve("calvin/debian"));
    }

    Path aptHome(String suite) {
        return home.resolve("apt").resolve(suite);
    }

    /** The guest that was built last under a name. */
    public Optional<DebianGuest> find(String name) throws IOException {
        Path pointer = home.resolve("names").resolve(name);
        if (!name.matches(DebianRequest.NAME) || !Files.isRegularFile(pointer)) {
            return Optional.empty();
        }
        return image(Files.readString(pointer).strip()).map(folder -> new DebianGuest(name, folder));
    }

    /** All guests that have names, by name. */
    public List<DebianGuest> all() throws IOException {
        List<DebianGuest> found = new ArrayList<>();
        Path names = home.resolve("names");
        if (Files.isDirectory(names)) {
            try (Stream<Path> files = Files.list(names)) {
                for (Path file : files.sorted().toList()) {
                    find(file.getFileName().toString()).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /** The folder of what was made of {@code key} before. */
    Optional<Path> image(String key) {
        Path folder = home.resolve("images").resolve(key);
        return Files.isRegularFile(folder.resolve(DebianGuest.MANIFEST)) ? Optional.of(folder) : Optional.empty();
    }

    /** An empty folder next to the images, for what is being made. */
    Path scratch() throws IOException {
        Files.createDirectories(home.resolve("images"));
        return Files.createTempDirectory(home.resolve("images"), ".new");
    }

    /** Makes a complete folder the image of this key. */
    Path keep(Path scratch, String key) throws IOException {
        Path folder = home.resolve("images").resolve(key);
        delete(folder);
        return Files.move(scratch, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    void name(String name, String key) throws IOException {
        Path names = Files.createDirectories(home.resolve("names"));
        Path file = Files.createTempFile(names, ".", "");
        Files.writeString(file, key + "\n");
        Files.move(file, names.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
