package calvin.experiment.input;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A YAML 1.2 file composed to nodes, so that every value keeps its place. */
public final class YamlFile {
    private static final int MAX_ALIASES = 1000;
    private final String name;
    private final Problems problems;

    private YamlFile(String name, Problems problems) {
        this.name = name;
        this.problems = problems;
    }

    /**
     * Reads the file's top-level mapping.
     *
     * @throws InputException if the file cannot be read or is not YAML
     */
    public static YamlMap read(Path path, Problems problems) {
        String source;
        try {
            source = Files.readString(path);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new InputException(Place.of(path.toString()), "there is no such file");
        } catch (IOException e) {
            throw new InputException(Place.of(path.toString()), "cannot be read as UTF-8 text: " + e.getMessage());
        }
        return parse(path.toString(), source, problems);
    }

    /** The same for text that is already at hand; {@code name} stands for the file in messages. */
    public static YamlMap parse(String name, String source, Problems problems) {
        YamlFile file = new YamlFile(name, problems);
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(name).setAllowDuplicateKeys(false)
                    .setMaxAliasesForCollections(MAX_ALIASES).build();
            Optional<Node> root = new Compose(settings).composeString(source);
            if (root.isEmpty()) {
                throw new InputException(Place.of(name), "the file is empty: it must begin with `schema_version: 1`");
            }
            return new YamlMap(file, new Place(name, 1, 1), root.get());
        } catch (MarkedYamlEngineException e) {
            Place place = e.getProblemMark().map(file::place).orElse(Place.of(name));
            throw new InputException(place, "not valid YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new InputException(Place.of(name), "not valid YAML: " + e.getMessage());
        }
    }

    Problems problems() {
        return problems;
    }

    Place place(Node node) {
        return node.getStartMark().map(this::place).orElse(Place.of(name));
    }

    private Place place(Mark mark) {
        return new Place(name, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** The scalar, or null after reporting that it is none. */
    Text scalar(Node node) {
        if (node instanceof ScalarNode scalar) {
            return new Text(scalar.getValue(), place(node));
        }
        problems.add(place(node), "expected a single value here, found " + describe(node));
        return null;
    }

    static String describe(Node node) {
        return switch (node) {
            case ScalarNode scalar -> scalar.getValue().isEmpty() ? "nothing" : "`" + scalar.getValue() + "`";
            case SequenceNode sequence -> "a list of " + sequence.getValue().size();
            case MappingNode mapping -> "a mapping of " + mapping.getValue().size() + " keys";
            default -> "something else";
        };
    }
}
