package calvin.guests.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The machine's apt for a foreign architecture, with lists, cache and package status in a folder of its own: it sees
 * nothing installed, installs nothing, and checks every list against Debian's keyring and every package against the
 * list.
 */
final class Apt {
    private static final String ARCHITECTURE = "riscv64";
    private static final List<Path> KEYRINGS = List.of(
            Path.of("/usr/share/keyrings/debian-archive-keyring.pgp"),
            Path.of("/usr/share/keyrings/debian-archive-keyring.gpg"));
    /** Lists that are younger are taken as they are. */
    private static final Duration LISTS_LAST = Duration.ofDays(1);

    private final Path home;
    private final Path archives;
    private final List<String> options = new ArrayList<>();

    /**
     * @param home   where all of its state goes
     * @param suite  of Debian, for example trixie
     * @param mirror where from, or empty for the mirror of Debian that apt is configured with
     */
    Apt(Path home, String suite, String mirror) throws IOException, DebianException {
        Tool.require("apt-get", "apt");
        Tool.require("dpkg-deb", "dpkg");
        this.home = home;
        archives = home.resolve("cache/archives");
        Files.createDirectories(home.resolve("lists/partial"));
        Files.createDirectories(archives.resolve("partial"));
        Files.createDirectories(home.resolve("empty/partial"));
        Path keyring = KEYRINGS.stream().filter(Files::isReadable).findFirst().orElseThrow(() -> new DebianException(
                "Debian's keys are not installed: the package debian-archive-keyring has them"));
        String uri = mirror.isEmpty() ? configuredMirror() : mirror;
        write(home.resolve("sources.list"),
                "deb [arch=" + ARCHITECTURE + " signed-by=" + keyring + "] " + uri + " " + suite + " main\n");
        write(home.resolve("status"), "");
        for (String option : List.of("APT::Architecture=" + ARCHITECTURE, "APT::Architectures=" + ARCHITECTURE,
                "APT::Install-Recommends=false", "Dir::State=" + home, "Dir::State::status=" + home.resolve("status"),
                "Dir::State::lists=" + home.resolve("lists"), "Dir::Cache=" + home.resolve("cache"),
                "Dir::Etc::SourceList=" + home.resolve("sources.list"), "Dir::Etc::SourceParts=-",
                "Dir::Etc::Preferences=-", "Dir::Etc::PreferencesParts=-", "Debug::NoLocking=true",
                "Acquire::Languages=none", "Acquire::Retries=2",
                // The user apt otherwise becomes when root starts it cannot write to this folder.
                "APT::Sandbox::User=root")) {
            options.add("-o");
            options.add(option);
        }
    }

    private static void write(Path file, String text) throws IOException {
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.writeString(file, text);
        }
    }

    /** The repository of Debian that the machine's own apt is configured with. */
    private String configuredMirror() throws IOException, DebianException {
        String targets = Tool.run(home, List.of("apt-get", "indextargets", "--format",
                "$(REPO_URI) $(ORIGIN)", "Created-By: Packages"));
        return targets.lines().map(line -> line.split(" "))
                .filter(words -> words.length > 1 && words[1].equals("Debian") || words[0].matches(".*/debian/?"))
                .map(words -> words[0]).findFirst()
                .orElseThrow(() -> new DebianException(
                        "apt is configured with no mirror of Debian: name one by --mirror"));
    }

    private List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(program);
        command.addAll(options);
        command.addAll(List.of(arguments));
        return command;
    }

    /** Fetches the lists of packages where there are none, or old ones. */
    void update(boolean anew) throws IOException, DebianException {
        Path done = home.resolve("updated");
        String source = Files.readString(home.resolve("sources.list"));
        if (!anew && Files.exists(done) && Files.readString(done).equals(source)
                && Files.getLastModifiedTime(done).toInstant().isAfter(Instant.now().minus(LISTS_LAST))) {
            return;
        }
        // Without this, a mirror that cannot be reached is only a warning.
        Tool.run(home, command("apt-get", "-q", "-o", "APT::Update::Error-Mode=any", "update"));
        Files.writeString(done, source);
    }

    /** The package that a metapackage of the kernel depends on. */
    String kernelPackage(String metapackage) throws IOException, DebianException {
        String depends = Tool.run(home, command("apt-cache", "depends", "--important", metapackage));
        return depends.lines().map(String::strip).filter(line -> line.startsWith("Depends: linux-image-"))
                .map(line -> line.substring("Depends: ".length())).findFirst()
                .orElseThrow(() -> new DebianException("the lists name no kernel that " + metapackage + " needs"));
    }

    /** Fetches single packages, without what they depend on. */
    List<Path> download(List<String> packages) throws IOException, DebianException {
        List<Path> files = new ArrayList<>();
        for (String each : packages) {
            List<String> names = named(command("apt-get", "download", "--print-uris", each));
            if (!Files.isRegularFile(archives.resolve(names.getFirst()))) {
                Tool.run(archives, command("apt-get", "-q", "download", each));
            }
            files.add(archives.resolve(names.getFirst()));
        }
        return files;
    }

    /** Fetches packages and all that they depend on. */
    List<Path> install(List<String> packages) throws IOException, DebianException {
        if (packages.isEmpty()) {
            return List.of();
        }
        List<String> arguments = new ArrayList<>(List.of("-q", "-y", "--no-install-recommends", "install"));
        arguments.addAll(packages);
        List<String> query = new ArrayList<>(arguments);
        query.add("--print-uris");
        // With the archives at hand it would name only what they lack.
        query.add("-o");
        query.add("Dir::Cache::archives=" + home.resolve("empty"));
        List<String> names = named(command("apt-get", query.toArray(new String[0])));
        arguments.add("--download-only");
        Tool.run(home, command("apt-get", arguments.toArray(new String[0])));
        return names.stream().map(archives::resolve).toList();
    }

    /** File names from what {@code --print-uris} prints: {@code 'URI' NAME SIZE HASH}. */
    private List<String> named(List<String> command) throws IOException, DebianException {
        try (Stream<String> lines = Tool.run(home, command).lines()) {
            return lines.filter(line -> line.startsWith("'")).map(line -> line.split(" ")[1]).sorted().toList();
        }
    }
}
