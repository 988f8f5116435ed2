package calvin.sim.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.sim.check.BugException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SnapshotFileTest {
    /** Sparse memory whose images are copies: what a foreign memory would adopt. */
    private static final class Sparse implements Pages {
        private final TreeMap<Long, byte[]> held = new TreeMap<>();

        @Override
        public long nextPage(long from) {
            Long next = held.ceilingKey(from);
            return next == null ? -1 : next;
        }

        @Override
        public void copyPage(long page, byte[] into) {
            System.arraycopy(held.get(page), 0, into, 0, PAGE_BYTES);
        }

        @Override
        public void clear() {
            held.clear();
        }

        @Override
        public void putPage(long page, byte[] from) {
            held.put(page, from.clone());
        }

        @Override
        public PageImage share() {
            Sparse copy = new Sparse();
            held.forEach(copy::putPage);
            return new PageImage() {
                @Override
                public long nextPage(long from) {
                    return copy.nextPage(from);
                }

                @Override
                public void copyPage(long page, byte[] into) {
                    copy.copyPage(page, into);
                }
            };
        }

        @Override
        public void adopt(PageImage image) {
            clear();
            byte[] page = new byte[PAGE_BYTES];
            for (long p = image.nextPage(0); p >= 0; p = image.nextPage(p + 1)) {
                image.copyPage(p, page);
                putPage(p, page);
            }
        }
    }

    private static final class Part implements Stateful {
        private final String name;
        private final Block block = new Block(24);
        private final Sparse memory = new Sparse();
        private byte[] text = {};
        private int dropped;

        Part(String name) {
            this.name = name;
        }

        @Override
        public String stateName() {
            return name;
        }

        @Override
        public void save(StateWriter out) {
            block.save(out);
            out.blob(text);
            out.pages(memory);
            out.u64s(new long[]{text.length, -1});
        }

        @Override
        public void load(StateReader in) {
            block.load(in);
            text = in.blob();
            in.pages(memory);
            long[] tail = new long[2];
            in.u64s(tail);
            assertArrayEquals(new long[]{text.length, -1}, tail);
        }

        @Override
        public void dropDerived() {
            dropped++;
        }
    }

    private static Part filled(String name, int salt) {
        Part part = new Part(name);
        for (int i = 0; i < 24; i++) {
            part.block.u8(i, salt + i);
        }
        part.text = ("text of " + name).getBytes();
        for (long page : new long[]{0, 5, 1L << 40}) {
            byte[] bytes = new byte[Pages.PAGE_BYTES];
            Arrays.fill(bytes, (byte) (salt + page));
            part.memory.putPage(page, bytes);
        }
        return part;
    }

    private static byte[] file(String header, Part... parts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotFile.write(Snapshot.take(List.of(parts)), header, out);
        return out.toByteArray();
    }

    @Test
    void aFileBringsBackEveryComponent() throws IOException {
        Part a = filled("a", 1);
        Part b = filled("b", 100);
        SnapshotFile.Loaded loaded = SnapshotFile.read(file("plan 42", a, b));
        assertEquals("plan 42", loaded.header());
        Part a2 = filled("a", 50);
        Part b2 = new Part("b");
        loaded.snapshot().restore(List.of(b2, a2));
        assertEquals(StateHash.of(a), StateHash.of(a2));
        assertEquals(StateHash.of(b), StateHash.of(b2));
        assertEquals(1, a2.dropped);
        // A second world from the same snapshot is not affected by what the first one does.
        a2.memory.putPage(0, new byte[Pages.PAGE_BYTES]);
        Part a3 = new Part("a");
        loaded.snapshot().restore(List.of(a3, new Part("b")));
        assertEquals(StateHash.of(a), StateHash.of(a3));
    }

    @Test
    void equalStatesGiveEqualFiles() throws IOException {
        assertArrayEquals(file("h", filled("a", 3)), file("h", filled("a", 3)));
        assertNotEquals(StateHash.of(filled("a", 3)), StateHash.of(filled("a", 4)));
    }

    @Test
    void absentAndZeroPagesAreTheSameState() throws IOException {
        Part sparse = filled("a", 1);
        Part dense = filled("a", 1);
        dense.memory.putPage(3, new byte[Pages.PAGE_BYTES]);
        assertEquals(StateHash.of(sparse), StateHash.of(dense));
        assertArrayEquals(file("h", sparse), file("h", dense));
    }

    @Test
    void aPageCountsWithItsPlace() {
        Part left = new Part("a");
        Part right = new Part("a");
        byte[] page = new byte[Pages.PAGE_BYTES];
        page[7] = 1;
        left.memory.putPage(1, page);
        right.memory.putPage(2, page);
        assertNotEquals(StateHash.of(left), StateHash.of(right));
    }

    @Test
    void everyDamagedByteIsFound() throws IOException {
        byte[] file = file("plan", filled("a", 1));
        for (int i = 0; i < file.length; i++) {
            byte[] damaged = file.clone();
            damaged[i] ^= 0x40;
            assertThrows(SnapshotFile.FormatException.class, () -> SnapshotFile.read(damaged), "byte " + i);
        }
    }

    @Test
    void everyShortFileIsFound() throws IOException {
        byte[] file = file("plan", filled("a", 1));
        for (int length = 0; length < file.length; length++) {
            byte[] part = Arrays.copyOf(file, length);
            assertThrows(SnapshotFile.FormatException.class, () -> SnapshotFile.read(part), "length " + part.length);
        }
        assertThrows(SnapshotFile.FormatException.class, () -> SnapshotFile.read(Arrays.copyOf(file, file.length + 1)));
    }

    @Test
    void anotherVersionSaysSo() throws IOException {
        byte[] file = file("plan", filled("a", 1));
        file[11]++;
        String message = assertThrows(SnapshotFile.FormatException.class, () -> SnapshotFile.read(file)).getMessage();
        assertTrue(message.contains("version 2") && message.contains("version 1"), message);
    }

    @Test
    void aWorldOfOtherComponentsIsRefused() {
        Snapshot snapshot = Snapshot.take(List.of(filled("a", 1)));
        assertThrows(BugException.class, () -> snapshot.restore(List.of(new Part("b"))));
        assertThrows(BugException.class, () -> snapshot.restore(List.of(new Part("a"), new Part("b"))));
        assertThrows(BugException.class, () -> Snapshot.take(List.of(new Part("a"), new Part("a"))));
    }
}
