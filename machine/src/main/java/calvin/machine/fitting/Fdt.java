package calvin.machine.fitting;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a flattened device tree (Devicetree Specification 0.4, chapter 5), version 17. Nodes are opened and closed in
 * order; a node's properties come before its children.
 */
public final class Fdt {
    private static final int MAGIC = 0xD00DFEED;
    private static final int HEADER_BYTES = 40;
    private static final int BEGIN_NODE = 1;
    private static final int END_NODE = 2;
    private static final int PROPERTY = 3;
    private static final int END = 9;

    private final ByteArrayOutputStream structure = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private final Map<String, Integer> stringAt = new LinkedHashMap<>();

    public Fdt begin(String name) {
        u32(structure, BEGIN_NODE);
        text(structure, name);
        return this;
    }

    public Fdt end() {
        u32(structure, END_NODE);
        return this;
    }

    /** A property of 32-bit cells. */
    public Fdt cells(String name, long... cells) {
        property(name, 4 * cells.length);
        for (long cell : cells) {
            u32(structure, (int) cell);
        }
        return this;
    }

    /** A property of 64-bit numbers, as two cells each. */
    public Fdt pairs(String name, long... values) {
        property(name, 8 * values.length);
        for (long value : values) {
            u32(structure, (int) (value >>> 32));
            u32(structure, (int) value);
        }
        return this;
    }

    /** A property of one or more strings. */
    public Fdt strings(String name, String... values) {
        byte[] bytes = (String.join("\0", values) + "\0").getBytes(StandardCharsets.UTF_8);
        property(name, bytes.length);
        structure.writeBytes(bytes);
        pad(structure);
        return this;
    }

    /** A property without value. */
    public Fdt flag(String name) {
        property(name, 0);
        return this;
    }

    /** The whole tree. */
    public byte[] toBytes() {
        u32(structure, END);
        int reservations = HEADER_BYTES;
        int structureAt = reservations + 16;
        int stringsAt = structureAt + structure.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int[] header = {MAGIC, stringsAt + strings.size(), structureAt, stringsAt, reservations, 17, 16, 0,
            strings.size(),
            structure.size()};
        for (int word : header) {
            u32(out, word);
        }
        // An empty list of reservations ends with two zeros of 64 bits.
        out.writeBytes(new byte[16]);
        out.writeBytes(structure.toByteArray());
        out.writeBytes(strings.toByteArray());
        return out.toByteArray();
    }

    private void property(String name, int bytes) {
        Integer at = stringAt.get(name);
        if (at == null) {
            at = strings.size();
            stringAt.put(name, at);
            strings.writeBytes((name + "\0").getBytes(StandardCharsets.UTF_8));
        }
        u32(structure, PROPERTY);
        u32(structure, bytes);
        u32(structure, at);
    }

    private static void text(ByteArrayOutputStream out, String value) {
        out.writeBytes((value + "\0").getBytes(StandardCharsets.UTF_8));
        pad(out);
    }

    private static void pad(ByteArrayOutputStream out) {
        while (out.size() % 4 != 0) {
            out.write(0);
        }
    }

    private static void u32(ByteArrayOutputStream out, int value) {
        out.write(value >>> 24);
        out.write(value >>> 16);
        out.write(value >>> 8);
        out.write(value);
    }
}
