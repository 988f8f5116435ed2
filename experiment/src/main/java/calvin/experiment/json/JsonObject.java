package calvin.experiment.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON object that was read whole. Getters fail where the document is not what {@link JsonWriter} wrote. */
public final class JsonObject {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, Object> values = new LinkedHashMap<>();

    private JsonObject() {}

    /**
     * Reads one document.
     *
     * @throws IOException if it is not one JSON object
     */
    public static JsonObject parse(byte[] document) throws IOException {
        try (JsonParser parser = FACTORY.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            return object(parser);
        }
    }

    private static JsonObject object(JsonParser parser) throws IOException {
        JsonObject object = new JsonObject();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            object.values.put(key, value(parser));
        }
        return object;
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw new IOException("unexpected " + parser.currentToken());
        };
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    public String text(String key) {
        return get(key, String.class);
    }

    public long number(String key) {
        return get(key, Long.class);
    }

    public int integer(String key) {
        return Math.toIntExact(number(key));
    }

    public boolean truth(String key) {
        return get(key, Boolean.class);
    }

    public JsonObject object(String key) {
        return get(key, JsonObject.class);
    }

    public List<JsonObject> objects(String key) {
        return list(key, JsonObject.class);
    }

    public List<String> texts(String key) {
        return list(key, String.class);
    }

    public List<Long> numbers(String key) {
        return list(key, Long.class);
    }

    public List<String> keys() {
        return List.copyOf(values.keySet());
    }

    private <T> List<T> list(String key, Class<T> type) {
        List<T> result = new ArrayList<>();
        for (Object item : (List<?>) get(key, List.class)) {
            result.add(type.cast(item));
        }
        return result;
    }

    private <T> T get(String key, Class<T> type) {
        Object value = values.get(key);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("`" + key + "` is " + value + ", not a " + type.getSimpleName());
        }
        return type.cast(value);
    }
}
