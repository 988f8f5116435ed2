package calvin.experiment.input;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A mapping of the file. Asking for a key makes it a valid one; {@link #done()} then reports every other key. Getters
 * report what is wrong and return the default, so that one pass finds every mistake.
 */
public final class YamlMap {
    private final YamlFile file;
    private final Place place;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Place> keys = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    YamlMap(YamlFile file, Place place, Node node) {
        this.file = file;
        this.place = place;
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
                if (values.put(key, tuple.getValueNode()) != null) {
                    file.problems().add(file.place(tuple.getKeyNode()),
                            "`" + key + "` stands here twice; the first is in line "
                                    + keys.get(key).line());
                }
                keys.put(key, file.place(tuple.getKeyNode()));
            }
        } else if (node != null) {
            file.problems().add(place, "expected keys and values here, found " + YamlFile.describe(node));
        }
    }

    public Place place() {
        return place;
    }

    /** Where the value of {@code key} stands, or this mapping where the key is absent. */
    public Place placeOf(String key) {
        Node node = values.get(key);
        return node == null ? place : file.place(node);
    }

    public boolean has(String key) {
        known.add(key);
        return values.containsKey(key);
    }

    /** The keys in the order of the file, all taken as valid: for mappings whose keys are the user's own names. */
    public List<Text> ownKeys() {
        List<Text> own = new ArrayList<>();
        for (Map.Entry<String, Place> entry : keys.entrySet()) {
            known.add(entry.getKey());
            own.add(new Text(entry.getKey(), entry.getValue()));
        }
        return own;
    }

    /** The scalar at {@code key}, or null. */
    public Text text(String key) {
        known.add(key);
        Node node = values.get(key);
        return node == null ? null : file.scalar(node);
    }

    /** The scalar at {@code key}; its absence is a mistake, reported with {@code example}. Never null. */
    public Text required(String key, String example) {
        Text text = text(key);
        if (text == null && !values.containsKey(key)) {
            file.problems().add(place, "`" + key + "` is missing: write for example `" + key + ": " + example + "`");
        }
        return text == null ? new Text("", place) : text;
    }

    public String string(String key, String absent) {
        Text text = text(key);
        return text == null ? absent : text.value();
    }

    /** A whole number in {@code [low, high]}. */
    public long integer(String key, long absent, long low, long high) {
        Text text = text(key);
        if (text == null) {
            return absent;
        }
        try {
            long value = Long.decode(text.value().replace("_", ""));
            if (value >= low && value <= high) {
                return value;
            }
            file.problems().add(text.place(),
                    "`" + key + "` is " + value + ", but must be from " + low + " to " + high);
        } catch (NumberFormatException e) {
            file.problems().add(text.place(), "`" + key + "` must be a whole number, found `" + text + "`");
        }
        return absent;
    }

    public double number(String key, double absent) {
        Text text = text(key);
        if (text == null) {
            return absent;
        }
        try {
            return Double.parseDouble(text.value());
        } catch (NumberFormatException e) {
            file.problems().add(text.place(), "`" + key + "` must be a number, found `" + text + "`");
            return absent;
        }
    }

    /** A quantity with its unit, at least {@code low} of the kind's own unit. */
    public long quantity(String key, Quantity kind, long absent, long low) {
        Text text = text(key);
        if (text == null) {
            return absent;
        }
        try {
            long value = kind.parse(text.value());
            if (value >= low) {
                return value;
            }
            file.problems().add(text.place(), "`" + key + "` is " + text + ", which is too small");
        } catch (IllegalArgumentException e) {
            file.problems().add(text.place(), "`" + key + "`: " + e.getMessage());
        }
        return absent;
    }

    /** One of a closed set of words; {@code words} gives what users write for each constant. */
    public <E extends Enum<E>> E choice(String key, E absent, E[] all, Function<E, String> words) {
        Text text = text(key);
        if (text == null) {
            return absent;
        }
        List<String> valid = new ArrayList<>();
        for (E each : all) {
            if (words.apply(each).equals(text.value())) {
                return each;
            }
            valid.add(words.apply(each));
        }
        file.problems().add(text.place(), "`" + key + "` cannot be `" + text + "`" + Nearest.hint(text.value(), valid));
        return absent;
    }

    /** A list of scalars; a single scalar stands for a list of one. */
    public List<Text> texts(String key) {
        known.add(key);
        Node node = values.get(key);
        List<Text> all = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                Text text = file.scalar(item);
                if (text != null) {
                    all.add(text);
                }
            }
        } else if (node != null) {
            Text text = file.scalar(node);
            if (text != null) {
                all.add(text);
            }
        }
        return all;
    }

    /** Whether the value at {@code key} is a list. */
    public boolean isList(String key) {
        known.add(key);
        return values.get(key) instanceof SequenceNode;
    }

    /** Whether the value at {@code key} is a mapping. */
    public boolean isMap(String key) {
        known.add(key);
        return values.get(key) instanceof MappingNode;
    }

    /** The mapping at {@code key}; an empty one where it is absent. */
    public YamlMap map(String key) {
        known.add(key);
        Node node = values.get(key);
        return new YamlMap(file, node == null ? place : file.place(node), node);
    }

    /** The mappings of the list at {@code key}; a single mapping stands for a list of one. */
    public List<YamlMap> maps(String key) {
        known.add(key);
        Node node = values.get(key);
        List<YamlMap> all = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                all.add(new YamlMap(file, file.place(item), item));
            }
        } else if (node instanceof MappingNode) {
            all.add(map(key));
        } else if (node != null) {
            file.problems().add(file.place(node), "`" + key + "` must be a list, found " + YamlFile.describe(node));
        }
        return all;
    }

    /** Reports every key that nobody asked for. */
    public void done() {
        keys.forEach((key, at) -> {
            if (!known.contains(key)) {
                file.problems().add(at, "unknown key `" + key + "`" + Nearest.hint(key, known));
            }
        });
    }

    public void problem(Place at, String message) {
        file.problems().add(at, message);
    }
}
