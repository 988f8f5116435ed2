package calvin.machine.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.IrqLine;
import calvin.machine.disk.ByteSource;
import calvin.machine.virtio.mmio.VirtioMmio;
import calvin.machine.virtio.share.SharedFile;
import calvin.machine.virtio.share.SharedTree;
import calvin.machine.virtio.share.VirtioShare;
import calvin.sim.event.Lane;
import calvin.sim.seed.Seed;
import calvin.sim.state.Snapshot;
import calvin.sim.state.StateHash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A 9P2000.L client of a shared folder, written from the protocol's description. */
class ShareTest {
    private static final int VERSION = 100;
    private static final int ATTACH = 104;
    private static final int WALK = 110;
    private static final int LOPEN = 12;
    private static final int LCREATE = 14;
    private static final int READ = 116;
    private static final int WRITE = 118;
    private static final int CLUNK = 120;
    private static final int READDIR = 40;
    private static final int GETATTR = 24;
    private static final int SETATTR = 26;
    private static final int READLINK = 22;
    private static final int MKDIR = 72;
    private static final int UNLINKAT = 76;
    private static final int RENAMEAT = 74;
    private static final int SYMLINK = 16;

    private final Lane lane = new Lane("node0");
    private final GuestRam ram = new GuestRam(1 << 21);
    private final byte[] data = "the host's bytes".getBytes(StandardCharsets.UTF_8);
    private final SharedTree tree = tree(data);
    private final VirtioMmio device = new VirtioMmio("node0/share", lane, ram, false, IrqLine.NONE,
            new VirtioShare("tag", tree, VirtioShare.DEFAULT_COST));
    private final TestDriver driver = new TestDriver(lane, ram, new MmioRegisters(device));

    private static SharedTree tree(byte[] data) {
        SharedFile file = SharedFile.file("file", 0644, 1000, ByteSource.of(data, "x"));
        SharedFile link = SharedFile.link("link", 1001, "sub/file");
        return new SharedTree("node0/tree", SharedFile.folder("root", 0755, 1002,
                List.of(file, link, SharedFile.folder("sub", 0700, 1003, List.of(file)))), "digest");
    }

    /** Numbers of 1, 2, 4 or 8 bytes by type, and strings. */
    private static byte[] message(int type, Object... fields) {
        ByteBuffer out = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
        out.position(4);
        out.put((byte) type).putShort((short) 5);
        for (Object field : fields) {
            switch (field) {
                case Integer value -> out.putInt(value);
                case Long value -> out.putLong(value);
                case Short value -> out.putShort(value);
                case byte[] value -> out.put(value);
                case String value -> out.putShort((short) value.getBytes(StandardCharsets.UTF_8).length)
                        .put(value.getBytes(StandardCharsets.UTF_8));
                default -> throw new IllegalArgumentException(field.toString());
            }
        }
        byte[] bytes = new byte[out.position()];
        out.putInt(0, bytes.length).get(0, bytes);
        return bytes;
    }

    /** The answer's body; its type must be the request's plus 1. */
    private ByteBuffer call(int type, Object... fields) {
        ByteBuffer answer = raw(message(type, fields));
        assertEquals(type + 1, answer.get(4), () -> "error " + answer.getInt(7));
        return answer.position(7);
    }

    private int error(int type, Object... fields) {
        ByteBuffer answer = raw(message(type, fields));
        assertEquals(7, answer.get(4), "is not an error");
        return answer.getInt(7);
    }

    private ByteBuffer raw(byte[] request) {
        TestDriver.Used used = driver.request(0, request, 8192);
        ByteBuffer answer = ByteBuffer.wrap(used.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(used.written(), answer.getInt(0));
        assertEquals(5, answer.getShort(5), "tag");
        return answer;
    }

    private void walk(int fid, int newFid, String... names) {
        Object[] fields = new Object[3 + names.length];
        fields[0] = fid;
        fields[1] = newFid;
        fields[2] = (short) names.length;
        System.arraycopy(names, 0, fields, 3, names.length);
        assertEquals(names.length, call(WALK, fields).getShort());
    }

    private byte[] read(int fid, long at, int count) {
        ByteBuffer answer = call(READ, fid, at, count);
        byte[] bytes = new byte[answer.getInt()];
        answer.get(bytes);
        return bytes;
    }

    private List<String> list(int fid) {
        List<String> names = new ArrayList<>();
        long offset = 0;
        while (true) {
            ByteBuffer answer = call(READDIR, fid, offset, 60);
            int end = answer.getInt() + answer.position();
            if (end == answer.position()) {
                return names;
            }
            while (answer.position() < end) {
                answer.position(answer.position() + 13);
                offset = answer.getLong();
                answer.get();
                byte[] name = new byte[answer.getShort()];
                answer.get(name);
                names.add(new String(name, StandardCharsets.UTF_8));
            }
        }
    }

    @BeforeEach
    void attach() {
        driver.start(1, 1);
        ByteBuffer version = call(VERSION, 8192, "9P2000.L");
        assertEquals(8192, version.getInt());
        assertEquals("9P2000.L", new String(version.array(), version.position() + 2, 8, StandardCharsets.UTF_8));
        assertEquals((byte) 0x80, call(ATTACH, 0, -1, "root", "", 0).get());
    }

    @Test
    void theTagIsInTheConfiguration() {
        assertEquals(9, driver.registers.id());
        assertEquals(3, driver.registers.config(0, 2));
        assertEquals('t' | 'a' << 8, driver.registers.config(2, 2));
        assertEquals('g', driver.registers.config(4, 1));
    }

    @Test
    void filesAreFoundAndRead() {
        walk(0, 1, "sub", "file");
        call(LOPEN, 1, 0);
        assertArrayEquals(data, read(1, 0, 100));
        assertEquals("bytes", new String(read(1, 11, 100), StandardCharsets.UTF_8));
        assertEquals(0, read(1, 100, 10).length);
        ByteBuffer attributes = call(GETATTR, 1, -1L);
        assertEquals(0100644, attributes.getInt(7 + 8 + 13));
        assertEquals(data.length, attributes.getLong(7 + 8 + 13 + 12 + 16));
        walk(0, 2, "link");
        ByteBuffer target = call(READLINK, 2);
        assertEquals(8, target.getShort());
        walk(0, 3);
        call(LOPEN, 3, 0);
        assertEquals(List.of(".", "..", "file", "link", "sub"), list(3));
        call(CLUNK, 1);
        assertEquals(9, error(READ, 1, 0L, 10));
    }

    @Test
    void aWalkThatFailsHalfwaySaysHowFarItCame() {
        ByteBuffer answer = call(WALK, 0, 1, (short) 2, "sub", "nothing");
        assertEquals(1, answer.getShort());
        assertEquals(9, error(CLUNK, 1), "the new fid does not exist");
        assertEquals(2, error(WALK, 0, 1, (short) 1, "nothing"));
    }

    @Test
    void theGuestsChangesStayInTheTreeAndItsState() {
        String before = StateHash.of(tree);
        walk(0, 1);
        call(LCREATE, 1, "new", 0x42, 0640, 7);
        assertEquals(5, call(WRITE, 1, 3L, 5, "hello".getBytes(StandardCharsets.UTF_8)).getInt());
        assertArrayEquals(new byte[]{0, 0, 0, 'h', 'e', 'l', 'l', 'o'}, read(1, 0, 100));
        call(MKDIR, 0, "folder", 0755, 0);
        call(RENAMEAT, 0, "new", 0, "renamed");
        call(SYMLINK, 0, "soft", "renamed", 0);
        walk(0, 2, "file");
        call(LOPEN, 2, 2);
        call(WRITE, 2, 4L, 1, new byte[]{'H'});
        assertEquals("the Host's bytes", new String(read(2, 0, 100), StandardCharsets.UTF_8));
        assertEquals('h', data[4], "the host's bytes are as they were");
        call(SETATTR, 2, 8, 0, 0, 0, 3L, 0L, 0L, 0L, 0L);
        assertEquals(3, read(2, 0, 100).length);
        call(UNLINKAT, 0, "link", 0);
        assertEquals(21, error(UNLINKAT, 0, "sub", 0), "is a folder");
        assertEquals(39, error(UNLINKAT, 0, "sub", 0x200), "is not empty");
        assertEquals(17, error(MKDIR, 0, "folder", 0755, 0));
        assertEquals(22, error(MKDIR, 0, "a/b", 0755, 0));
        walk(0, 3);
        call(LOPEN, 3, 0);
        List<String> names = List.of(".", "..", "file", "folder", "renamed", "soft", "sub");
        assertEquals(names, list(3));
        assertNotEquals(before, StateHash.of(tree));

        Snapshot snapshot = Snapshot.take(List.of(lane, device, tree));
        call(UNLINKAT, 0, "file", 0);
        snapshot.restore(List.of(lane, device, tree));
        driver.start(1, 1);
        call(VERSION, 8192, "9P2000.L");
        call(ATTACH, 0, -1, "root", "", 0);
        call(LOPEN, 0, 0);
        assertEquals(names, list(0));
        walk(0, 1, "renamed");
        call(LOPEN, 1, 0);
        assertEquals(8, read(1, 0, 100).length);
    }

    @Test
    void aFolderCannotMoveIntoItself() {
        walk(0, 1, "sub");
        assertEquals(22, error(RENAMEAT, 0, "sub", 1, "inner"));
        call(RENAMEAT, 0, "sub", 0, "sub");
        walk(0, 2, "sub", "file");
    }

    /** Random messages of all types: an answer each, and the share still works. */
    @Test
    void noMessageMakesTheServerThrow() {
        Seed seed = new Seed(42);
        for (int i = 0; i < 4000; i++) {
            Seed child = seed.child(i);
            byte[] message = new byte[7 + (int) child.drawBelow(0, 60)];
            for (int j = 7; j < message.length; j++) {
                long draw = child.draw(j);
                message[j] = (byte) (draw % 3 == 0 ? draw >>> 8 : (draw >>> 8) % 3);
            }
            ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).putInt(0, message.length)
                    .putShort(5, (short) 5).put(4, (byte) (2 * child.drawBelow(1, 64)));
            raw(message);
            assertEquals(15, driver.registers.status());
        }
        call(VERSION, 8192, "9P2000.L");
        call(ATTACH, 0, -1, "root", "", 0);
        walk(0, 1, "sub");
        assertTrue(call(GETATTR, 1, -1L).remaining() > 0);
    }

    @Test
    void aMessageThatIsNoneAsksForAReset() {
        driver.add(0, new byte[3], 100);
        driver.kick(0);
        driver.pass(calvin.sim.time.SimTime.PS_PER_MS);
        assertEquals(15 | VirtioCore.NEEDS_RESET, driver.registers.status());
    }
}
