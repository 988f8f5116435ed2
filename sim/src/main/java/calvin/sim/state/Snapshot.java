package calvin.sim.state;

import calvin.sim.check.Check;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The state of a world in memory, sharing its pages copy-on-write: taking one and restoring it into a freshly built
 * world (a fork) costs a table copy, not a memory copy. Immutable; may be restored any number of times, on any thread.
 */
public final class Snapshot {
    private final Map<String, Saved> parts;

    private record Saved(byte[] bytes, List<Pages.PageImage> images) {}

    private Snapshot(Map<String, Saved> parts) {
        this.parts = parts;
    }

    public static Snapshot take(List<? extends Stateful> components) {
        Map<String, Saved> parts = new LinkedHashMap<>();
        for (Stateful component : components) {
            Writer writer = new Writer();
            component.save(writer);
            Saved before = parts.put(component.stateName(), writer.saved());
            Check.that(before == null, "two components have one state name", component.stateName());
        }
        return new Snapshot(parts);
    }

    /** Loads every component's state and drops what is derived from the old one. */
    public void restore(List<? extends Stateful> components) {
        Check.that(components.size() == parts.size(), "snapshot and world differ in size", parts.size(),
                components.size());
        for (Stateful component : components) {
            Saved part = parts.get(component.stateName());
            Check.that(part != null, "the snapshot has no component of this name", component.stateName());
            Reader reader = new Reader(part);
            component.load(reader);
            Check.that(reader.at == part.bytes.length, "component did not read all it wrote", component.stateName());
            component.dropDerived();
        }
    }

    /** Shows every component, in the order in which it was taken; {@link SnapshotFile} gives the bytes their form. */
    void forEach(Visitor visitor) {
        parts.forEach((name, part) -> visitor.component(name, part.bytes, part.images));
    }

    static Snapshot of(Map<String, byte[]> bytes, Map<String, List<Pages.PageImage>> images) {
        Map<String, Saved> parts = new LinkedHashMap<>();
        bytes.forEach((name, value) -> parts.put(name, new Saved(value, images.get(name))));
        return new Snapshot(parts);
    }

    interface Visitor {
        void component(String name, byte[] bytes, List<Pages.PageImage> images);
    }

    private static final class Writer implements StateWriter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Pages.PageImage> images = new ArrayList<>();

        @Override
        public void u64(long value) {
            for (int i = 0; i < 8; i++) {
                bytes.write((int) (value >>> (8 * i)));
            }
        }

        @Override
        public void bytes(byte[] from, int offset, int length) {
            bytes.write(from, offset, length);
        }

        @Override
        public void pages(Pages pages) {
            images.add(pages.share());
        }

        Saved saved() {
            return new Saved(bytes.toByteArray(), List.copyOf(images));
        }
    }

    private static final class Reader implements StateReader {
        private final Saved part;
        private int at;
        private int image;

        Reader(Saved part) {
            this.part = part;
        }

        @Override
        public long u64() {
            long value = 0;
            for (int i = 0; i < 8; i++) {
                value |= (part.bytes[at + i] & 0xFFL) << (8 * i);
            }
            at += 8;
            return value;
        }

        @Override
        public void bytes(byte[] into, int offset, int length) {
            System.arraycopy(part.bytes, at, into, offset, length);
            at += length;
        }

        @Override
        public void pages(Pages pages) {
            pages.adopt(part.images.get(image++));
        }

        @Override
        public byte[] blob() {
            int length = Math.toIntExact(u64());
            byte[] value = Arrays.copyOfRange(part.bytes, at, at + length);
            at += length;
            return value;
        }
    }
}
