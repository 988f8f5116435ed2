package calvin.machine.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.sim.seed.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images built here from the format's description, and images that qemu-img made, where it is installed. */
class Qcow2Test {
    private static final int CLUSTER_BITS = 12;
    private static final int CLUSTER = 1 << CLUSTER_BITS;

    @TempDir
    Path folder;

    /** A v3 image of eight clusters: data, zeros, nothing, packed; the rest nothing. */
    private static ByteBuffer image() {
        ByteBuffer file = ByteBuffer.allocate(5 * CLUSTER);
        file.putInt(0, 0x514649FB).putInt(4, 3).putInt(20, CLUSTER_BITS).putLong(24, 8 * CLUSTER);
        file.putInt(36, 1).putLong(40, CLUSTER).putInt(96, 4).putInt(100, 104);
        file.putLong(CLUSTER, 2 * CLUSTER | 1L << 63);
        file.putLong(2 * CLUSTER, 3 * CLUSTER | 1L << 63);
        file.putLong(2 * CLUSTER + 8, 1);
        Arrays.fill(file.array(), 3 * CLUSTER, 4 * CLUSTER, (byte) 0x11);
        Deflater deflater = new Deflater(9, true);
        byte[] plain = new byte[CLUSTER];
        Arrays.fill(plain, (byte) 0x33);
        deflater.setInput(plain);
        deflater.finish();
        int length = deflater.deflate(file.array(), 4 * CLUSTER + 100, CLUSTER - 100);
        deflater.end();
        assertTrue(length < 400);
        file.putLong(2 * CLUSTER + 24, 1L << 62 | 4 * CLUSTER + 100);
        return file;
    }

    private static ByteSource source(ByteBuffer file) {
        return ByteSource.of(file.array(), "digest");
    }

    private static byte[] read(DiskImage image, long at, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0x77);
        assertTrue(image.read(at, bytes, 0, length));
        return bytes;
    }

    @Test
    void everySortOfClusterIsRead() throws DiskException {
        Qcow2Image image = Qcow2Image.open(source(image()), null);
        assertEquals(8 * CLUSTER, image.sizeBytes());
        byte[] all = read(image, 0, 8 * CLUSTER);
        byte[] expected = new byte[8 * CLUSTER];
        Arrays.fill(expected, 0, CLUSTER, (byte) 0x11);
        Arrays.fill(expected, 3 * CLUSTER, 4 * CLUSTER, (byte) 0x33);
        assertArrayEquals(expected, all);
        assertArrayEquals(Arrays.copyOfRange(expected, CLUSTER - 7, CLUSTER + 7), read(image, CLUSTER - 7, 14));
    }

    @Test
    void whatIsNotThereComesFromTheBackingImage() throws DiskException {
        ByteBuffer file = image();
        file.putLong(8, 200).putInt(16, 4).put(200, "base".getBytes());
        assertEquals("base", Qcow2Image.backingName(source(file)).orElseThrow());
        byte[] base = new byte[2 * CLUSTER + 512];
        Arrays.fill(base, (byte) 0x55);
        Qcow2Image image = Qcow2Image.open(source(file), new RawImage(ByteSource.of(base, "base")));
        byte[] all = read(image, 0, 8 * CLUSTER);
        assertEquals(0x11, all[0]);
        assertEquals(0, all[CLUSTER], "a zero cluster hides the backing image");
        assertEquals(0x55, all[2 * CLUSTER]);
        assertEquals(0, all[2 * CLUSTER + 512], "beyond the backing image's end");
        assertEquals("digest over base", image.digest());
        assertThrows(DiskException.class, () -> Qcow2Image.open(source(file), null));
    }

    private static void refused(String why, java.util.function.Consumer<ByteBuffer> damage) {
        ByteBuffer file = image();
        damage.accept(file);
        DiskException e = assertThrows(DiskException.class, () -> Qcow2Image.open(source(file), null));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void whatCannotBeReadIsRefusedWithTheReason() {
        refused("not a qcow2", file -> file.putInt(0, 7));
        refused("version 4", file -> file.putInt(4, 4));
        refused("2^5", file -> file.putInt(20, 5));
        refused("2^30", file -> file.putInt(20, 30));
        refused("bytes; it must have", file -> file.putLong(24, 0));
        refused("bytes; it must have", file -> file.putLong(24, -1));
        refused("encrypted", file -> file.putInt(32, 2));
        refused("corrupt", file -> file.putLong(72, 2));
        refused("another file", file -> file.putLong(72, 4));
        refused("extended", file -> file.putLong(72, 16));
        refused("zstd", file -> file.putLong(72, 8).put(104, (byte) 1));
        refused("unknown", file -> file.putLong(72, 1 << 9));
        refused("L1 table has 0", file -> file.putInt(36, 0));
        refused("L1 table lies", file -> file.putLong(40, 1L << 40));
        refused("L1 table lies", file -> file.putLong(40, -4096));
        refused("L1 entry 0", file -> file.putLong(CLUSTER, 1L << 40));
        refused("name lies", file -> file.putLong(8, 1L << 50).putInt(16, 10));
    }

    @Test
    void aDamagedClusterIsAMediumErrorAndTheOthersAreRead() throws DiskException {
        ByteBuffer file = image();
        file.putLong(2 * CLUSTER, 1L << 40).putLong(2 * CLUSTER + 24, 1L << 62 | 1L << 45);
        file.putLong(2 * CLUSTER + 32, 1L << 62 | CLUSTER + 8);
        Qcow2Image image = Qcow2Image.open(source(file), null);
        byte[] bytes = new byte[CLUSTER];
        assertFalse(image.read(0, bytes, 0, CLUSTER));
        assertTrue(image.read(CLUSTER, bytes, 0, CLUSTER));
        assertFalse(image.read(3 * CLUSTER, bytes, 0, CLUSTER));
        assertFalse(image.read(4 * CLUSTER, bytes, 0, CLUSTER));
    }

    /** No byte of a header or table makes reading throw. */
    @Test
    void anyDamageIsRefusedOrAMediumError() {
        Seed seed = new Seed(3);
        byte[] bytes = new byte[CLUSTER];
        for (int i = 0; i < 3000; i++) {
            ByteBuffer file = image();
            for (int j = 0; j < 3; j++) {
                int at = (int) seed.drawBelow(6L * i + j, 3) * CLUSTER + (int) seed.drawBelow(6L * i + j + 3, 112);
                file.put(at, (byte) seed.draw(6L * i + j));
            }
            try {
                Qcow2Image image = Qcow2Image.open(source(file), null);
                for (long at = 0; at < Math.min(image.sizeBytes(), 8 * CLUSTER); at += CLUSTER) {
                    image.read(at, bytes, 0, (int) Math.min(CLUSTER, image.sizeBytes() - at));
                }
            } catch (DiskException e) {
                assertFalse(e.getMessage().isBlank());
            }
        }
    }

    private static void run(Path where, String... command) throws IOException {
        Process process = new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        try {
            assertEquals(0, process.waitFor(), output);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static boolean qemuImg() {
        return Arrays.stream(System.getenv("PATH").split(":")).anyMatch(p -> Files.exists(Path.of(p, "qemu-img")));
    }

    private static ByteSource file(Path path) throws IOException {
        return ByteSource.of(Files.readAllBytes(path), path.getFileName().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"compat=1.1", "compat=0.10", "compat=1.1,cluster_size=4096", "compat=1.1 -c",
        "compat=0.10,cluster_size=512 -c", "compat=1.1,cluster_size=2M"})
    void imagesOfQemuImgReadAsTheyWereWritten(String options) throws IOException, DiskException {
        assumeTrue(qemuImg(), "qemu-img is not installed (package qemu-utils)");
        byte[] raw = new byte[3_000_320];
        Seed seed = new Seed(8);
        // Random, constant and empty stretches.
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) (i / 100_000 % 3 == 0 ? seed.draw(i) : i / 100_000 % 3 == 1 ? i / 100_000 : 0);
        }
        Files.write(folder.resolve("disk.raw"), raw);
        List<String> command = new ArrayList<>(List.of("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "-o"));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("disk.raw", "disk.qcow2"));
        run(folder, command.toArray(new String[0]));
        Qcow2Image image = Qcow2Image.open(file(folder.resolve("disk.qcow2")), null);
        assertEquals(raw.length, image.sizeBytes());
        assertArrayEquals(raw, read(image, 0, raw.length));
    }

    @Test
    void anOverlayOfQemuImgIsReadOverItsBackingFile() throws IOException, DiskException {
        assumeTrue(qemuImg(), "qemu-img is not installed (package qemu-utils)");
        byte[] raw = new byte[1 << 20];
        Arrays.fill(raw, (byte) 7);
        Files.write(folder.resolve("base.raw"), raw);
        run(folder, "qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", "base.raw", "top.qcow2", "2M");
        run(folder, "qemu-io", "-c", "write -P 0x5a 70000 5000", "-c", "write -z 131072 65536", "top.qcow2");
        ByteSource top = file(folder.resolve("top.qcow2"));
        assertEquals("base.raw", Qcow2Image.backingName(top).orElseThrow());
        DiskImage image = Qcow2Image.open(top, new RawImage(file(folder.resolve("base.raw"))));
        byte[] expected = Arrays.copyOf(raw, 2 << 20);
        Arrays.fill(expected, 70_000, 75_000, (byte) 0x5A);
        Arrays.fill(expected, 131_072, 131_072 + 65_536, (byte) 0);
        assertArrayEquals(expected, read(image, 0, expected.length));
    }
}
