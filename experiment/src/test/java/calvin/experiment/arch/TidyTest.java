package calvin.experiment.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a reader stumbles over, and a machine can find. */
class TidyTest {
    private static final int MAX_LINES = 500;
    private static final int MAX_COLUMNS = 120;
    private static final Pattern TODO = Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b(?!\\(#[0-9]+\\))");
    private static final Pattern FOLDER_ROW = Pattern.compile("^\\| \\[`([a-z]+)`]\\(\\1\\) \\|.*", Pattern.MULTILINE);
    /** Tables of one row per instruction or register, in the order of the manual. */
    private static final Set<String> TABLES = Set.of("Op.java", "Csr.java");

    @Test
    void filesAreShortAndLinesFitAScreen() throws IOException {
        Set<String> problems = new TreeSet<>();
        for (Path file : Project.sources()) {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() > MAX_LINES && !TABLES.contains(file.getFileName().toString())) {
                problems.add(name(file) + " has " + lines.size() + " lines, more than " + MAX_LINES);
            }
            boolean table = false;
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                table = line.contains("@formatter:off") || table && !line.contains("@formatter:on");
                if (line.length() > MAX_COLUMNS && !table) {
                    problems.add(name(file) + ":" + (i + 1) + " has " + line.length() + " columns");
                }
                if (line.contains("\t")) {
                    problems.add(name(file) + ":" + (i + 1) + " has a tab");
                }
                if (TODO.matcher(line).find() && !file.endsWith("TidyTest.java")) {
                    problems.add(name(file) + ":" + (i + 1) + " has an open end without the number of an issue: "
                            + line.strip());
                }
            }
        }
        assertEquals("", String.join("\n", problems));
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        Set<String> problems = new TreeSet<>();
        for (String module : Project.MODULES) {
            Path main = Project.root().resolve(module).resolve("src/main/java");
            for (Path file : Project.files(main, ".java")) {
                Path info = file.resolveSibling("package-info.java");
                if (!Files.exists(info)) {
                    problems.add(name(file.getParent()) + " has no package-info.java");
                } else if (!Files.readString(info).startsWith("/**")) {
                    problems.add(name(info) + " does not begin with what lives there");
                }
            }
        }
        assertEquals("", String.join("\n", problems));
    }

    @Test
    void theReadmeListsExactlyTheFoldersThereAre() throws IOException {
        Set<String> listed = new TreeSet<>();
        Matcher row = FOLDER_ROW.matcher(Files.readString(Project.root().resolve("README.md")));
        while (row.find()) {
            listed.add(row.group(1));
        }
        Set<String> there = new TreeSet<>();
        try (var entries = Files.list(Project.root())) {
            entries.filter(Files::isDirectory).map(folder -> folder.getFileName().toString())
                    .filter(folder -> !folder.startsWith(".") && !Set.of("out", "target", "config").contains(folder))
                    .forEach(there::add);
        }
        assertEquals(String.join("\n", there), String.join("\n", listed));
    }

    @Test
    void documentsLinkToFilesThatExist() throws IOException {
        Set<String> problems = new TreeSet<>();
        Pattern link = Pattern.compile("]\\((?!https?:|#|mailto:)([^)#\\s]+)");
        for (Path file : documents()) {
            Matcher matcher = link.matcher(Files.readString(file));
            while (matcher.find()) {
                if (!Files.exists(file.resolveSibling(matcher.group(1)))) {
                    problems.add(name(file) + " links to " + matcher.group(1) + ", which does not exist");
                }
            }
        }
        assertEquals("", String.join("\n", problems));
    }

    private static List<Path> documents() throws IOException {
        List<Path> all = new java.util.ArrayList<>(Project.files(Project.root().resolve("docs"), ".md"));
        try (var entries = Files.list(Project.root())) {
            entries.filter(file -> file.toString().endsWith(".md")).sorted().forEach(all::add);
        }
        return all;
    }

    private static String name(Path file) {
        return Project.root().relativize(file).toString();
    }
}
