package calvin.experiment.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Writes one JSON object. Methods return the writer, so that documents read like what they make; every {@code begin}
 * needs an {@link #end}. A null value is left out.
 */
public final class JsonWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final JsonGenerator out;

    private JsonWriter(boolean indented) {
        try {
            out = FACTORY.createGenerator(bytes);
            if (indented) {
                DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
                printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
                out.setPrettyPrinter(printer);
            }
            out.writeStartObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** No white space: one form for one value. */
    public static JsonWriter compact() {
        return new JsonWriter(false);
    }

    /** For people. */
    public static JsonWriter indented() {
        return new JsonWriter(true);
    }

    private interface Step {
        void run() throws IOException;
    }

    private JsonWriter step(Step step) {
        try {
            step.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonWriter beginObject(String key) {
        return step(() -> out.writeObjectFieldStart(key));
    }

    /** An object that is an element of an array. */
    public JsonWriter beginObject() {
        return step(out::writeStartObject);
    }

    public JsonWriter beginArray(String key) {
        return step(() -> out.writeArrayFieldStart(key));
    }

    /** An array that is an element of an array. */
    public JsonWriter beginArray() {
        return step(out::writeStartArray);
    }

    /** Ends the innermost object or array. */
    public JsonWriter end() {
        return step(() -> {
            if (out.getOutputContext().inArray()) {
                out.writeEndArray();
            } else {
                out.writeEndObject();
            }
        });
    }

    public JsonWriter field(String key, String value) {
        return value == null ? this : step(() -> out.writeStringField(key, value));
    }

    public JsonWriter field(String key, long value) {
        return step(() -> out.writeNumberField(key, value));
    }

    /** A number; those that JSON does not have (infinities) are left out. */
    public JsonWriter field(String key, double value) {
        return Double.isFinite(value) ? step(() -> out.writeNumberField(key, value)) : this;
    }

    public JsonWriter field(String key, boolean value) {
        return step(() -> out.writeBooleanField(key, value));
    }

    public JsonWriter field(String key, Collection<String> values) {
        beginArray(key);
        values.forEach(this::element);
        return end();
    }

    public JsonWriter element(String value) {
        return step(() -> out.writeString(value));
    }

    public JsonWriter element(long value) {
        return step(() -> out.writeNumber(value));
    }

    public JsonWriter element(double value) {
        return step(() -> out.writeNumber(value));
    }

    /** Ends the document. */
    public byte[] toBytes() {
        step(() -> {
            out.writeEndObject();
            out.close();
        });
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        return new String(toBytes(), StandardCharsets.UTF_8);
    }
}
