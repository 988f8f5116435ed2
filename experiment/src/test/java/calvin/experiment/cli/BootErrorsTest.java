package calvin.experiment.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with {@code boot} ends in one message and exit code 2, and leaves no file. */
class BootErrorsTest {
    @TempDir
    Path folder;

    private void refused(String wanted, String... options) throws IOException {
        List<Path> before = files();
        StringWriter err = new StringWriter();
        String[] args = Stream.concat(Stream.of("boot", "--max-instructions", "10000"), Arrays.stream(options))
                .toArray(String[]::new);
        int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), args);
        String text = err.toString();
        assertEquals(ExitCode.BAD_INPUT, code, text);
        assertTrue(text.contains(wanted), text);
        assertEquals(1, text.strip().lines().count(), text);
        assertTrue(text.startsWith("calvin: "), text);
        assertEquals(before, files());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    private String file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes).toString();
    }

    /** A Linux Image with a PE header whose one section ends at {@code end}. */
    private static byte[] image(int bytes, int end) {
        ByteBuffer image = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        image.putShort(0, (short) 0x5A4D).putLong(8, 0x20_0000).putLong(16, bytes).putInt(56, 0x0543_5352)
                .putInt(60, 64);
        image.putInt(64, 0x4550).putShort(64 + 6, (short) 1).putShort(64 + 20, (short) 0);
        image.putInt(64 + 24 + 16, end - 256).putInt(64 + 24 + 20, 256);
        return image.array();
    }

    @Test
    void imagesThatAreMissingOrDamaged() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(image(4096, 4096));
        }
        String kernel = file("kernel", image(4096, 4096));
        refused("there is no image", "--kernel", folder.resolve("absent").toString());
        refused("cannot be unpacked", "--kernel", file("half.gz", Arrays.copyOf(packed.toByteArray(), 40)));
        refused("is truncated: it has 4096 bytes of 8192", "--kernel", file("half", image(4096, 8192)));
        refused("neither", "--kernel", file("gzip", gzip("text")));
        refused("ELF", "--elf", file("text", "no program".getBytes(StandardCharsets.US_ASCII)));
        refused("no such file", "--kernel", kernel, "--initrd", folder.resolve("absent").toString());
        refused("no such file", "--kernel", kernel, "--firmware", folder.resolve("absent").toString());
        refused("no such file", "--kernel", kernel, "--drive", folder.resolve("absent").toString());
        refused("there is no folder", "--kernel", kernel, "--share", "x=" + folder.resolve("absent"));
        refused("has not been built", "--guest", "no-such-guest");
        refused("more memory", "--kernel", kernel, "--initrd", file("initrd", new byte[5 << 20]), "--memory", "6M");
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        return packed.toByteArray();
    }

    @Test
    void machinesThatCannotBe() throws IOException {
        refused("harts is 513; it must be 1 to 512", "--kernel", "smode.elf", "--harts", "513");
        refused("harts is 0", "--kernel", "smode.elf", "--harts", "0");
        refused("cannot be dealt", "--kernel", "smode.elf", "--board", "hpc", "--harts", "2", "--numa", "4");
        refused("there are virt, hpc", "--kernel", "smode.elf", "--board", "toaster");
        refused("no such file", "--kernel", "smode.elf", "--board", folder.resolve("absent.yaml").toString());
        refused("at least", "--kernel", "smode.elf", "--memory", "1M");
        refused("what?");
        refused("--save", "--kernel", "smode.elf", "--save-at", "1 ms");
        refused("no such file", "--kernel", "smode.elf", "--load", folder.resolve("absent").toString());
    }

    @Test
    void aFullDisk() throws IOException {
        assumeTrue(Files.isWritable(Path.of("/dev/full")), "this system has no /dev/full");
        refused("No space left", "--kernel", "smode.elf", "--save", "/dev/full");
        assertTrue(Files.exists(Path.of("/dev/full")) && !Files.isRegularFile(Path.of("/dev/full")));
        refused("No space left", "--kernel", "smode.elf", "--trace-commits", "/dev/full");
        refused("No space left", "--kernel", "smode.elf", "--dump-dtb", "/dev/full");
    }
}
