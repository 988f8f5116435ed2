package calvin.guests.debian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages are read as dpkg-deb builds them; images are what cpio(5) says. */
class PackageTest {
    private static final String LONG = "usr/share/" + "long/".repeat(25) + "name";

    @TempDir
    Path folder;

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A package of our own, built by Debian's tool. */
    private Path build() throws IOException, DebianException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg-deb")), "dpkg-deb is not installed (Debian package dpkg)");
        Path root = folder.resolve("root");
        Files.createDirectories(root.resolve("DEBIAN"));
        Files.writeString(root.resolve("DEBIAN/control"),
                "Package: sample\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\n"
                        + "Description: sample\n");
        Files.createDirectories(root.resolve("bin"));
        Files.writeString(root.resolve("bin/tool"), "tool");
        Files.setPosixFilePermissions(root.resolve("bin/tool"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createLink(root.resolve("bin/same"), root.resolve("bin/tool"));
        Files.createDirectories(root.resolve(LONG).getParent());
        Files.writeString(root.resolve(LONG), "x".repeat(1000));
        Files.createSymbolicLink(root.resolve("bin/link"), Path.of("tool"));
        Files.createDirectories(root.resolve("usr/share/doc"));
        Files.writeString(root.resolve("usr/share/doc/readme"), "words");
        Path file = folder.resolve("sample.deb");
        Tool.run(folder, List.of("dpkg-deb", "--root-owner-group", "--build", root.toString(), file.toString()));
        return file;
    }

    @Test
    void aPackagesFilesComeWithTheirModesNamesAndLinks() throws IOException, DebianException {
        FileTree tree = new FileTree();
        Package.unpack(build(), tree, path -> !path.startsWith("usr/share/doc"));
        // Debian's /bin is /usr/bin.
        assertEquals(FileTree.FILE | 0755, tree.get("usr/bin/tool").mode());
        assertArrayEquals(text("tool"), tree.get("usr/bin/tool").bytes());
        assertArrayEquals(text("tool"), tree.get("usr/bin/same").bytes(), "a hard link is the same file");
        assertEquals(FileTree.LINK, tree.get("usr/bin/link").type());
        assertArrayEquals(text("tool"), tree.get("usr/bin/link").bytes());
        assertEquals(1000, tree.get(LONG).bytes().length, "names longer than a header's");
        assertFalse(tree.has("usr/share/doc/readme"));
    }

    @Test
    void aDamagedPackageIsRefused() throws IOException, DebianException {
        Path file = build();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThrows(Exception.class, () -> Package.unpack(file, new FileTree(), path -> true));
    }

    @Test
    void whatIsNoTarIsRefused() {
        byte[] block = new byte[1024];
        java.util.Arrays.fill(block, (byte) 'x');
        assertThrows(IOException.class, () -> TarReader.read(new ByteArrayInputStream(block), null));
        assertThrows(IOException.class, () -> TarReader.read(new ByteArrayInputStream(new byte[10]), null));
    }

    @Test
    void theImageIsANewcArchive() throws IOException {
        FileTree tree = new FileTree();
        tree.file("a/b", 0644, text("hello"));
        tree.device("dev/console", 0600, 5, 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Cpio.write(tree, out);
        String archive = out.toString(StandardCharsets.ISO_8859_1);
        assertEquals(0, archive.length() % 4);
        int second = archive.indexOf("070701", 6);
        assertEquals(0, second % 4);
        assertTrue(archive.startsWith("a\0", 110), "folders come before their files");
        // Fields are 8 digits each: mode is the second, filesize the seventh.
        assertEquals("000081A4", archive.substring(second + 14, second + 22));
        assertEquals("00000005", archive.substring(second + 54, second + 62));
        assertTrue(archive.contains("TRAILER!!!"));
        int device = archive.indexOf("dev/console\0") - 110;
        assertEquals("0000000500000001", archive.substring(device + 78, device + 94), "rdevmajor and rdevminor");
    }

    @Test
    void indexesNameWhatAModuleNeedsTheFirstToBeLoadedLast() throws IOException, DebianException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/xz")), "xz is not installed (Debian package xz-utils)");
        FileTree source = new FileTree();
        String modules = "usr/lib/modules/1.0/";
        module(source, modules + "kernel/fs/ext4.ko.xz", "\0depends=jbd2,mbcache\0alias=fs-ext4\0name=ext4\0");
        module(source, modules + "kernel/fs/jbd2.ko.xz", "\0depends=mbcache\0");
        module(source, modules + "kernel/fs/mbcache.ko.xz", "\0depends=\0");
        module(source, modules + "kernel/drivers/other.ko.xz", "\0depends=\0");
        FileTree target = new FileTree();
        KernelModules.add(source, target, "1.0", folder);
        assertEquals("""
                kernel/fs/ext4.ko: kernel/fs/jbd2.ko kernel/fs/mbcache.ko
                kernel/fs/jbd2.ko: kernel/fs/mbcache.ko
                kernel/fs/mbcache.ko:
                """, new String(target.get(modules + "modules.dep").bytes(), StandardCharsets.UTF_8));
        assertEquals("alias fs-ext4 ext4\n",
                new String(target.get(modules + "modules.alias").bytes(), StandardCharsets.UTF_8));
        assertNull(target.get(modules + "kernel/drivers/other.ko"), "what no machine of ours has is left out");
    }

    private void module(FileTree tree, String path, String contents) throws IOException, DebianException {
        Path file = folder.resolve("plain");
        Files.write(file, contents.getBytes(StandardCharsets.ISO_8859_1));
        tree.file(path, 0644, Tool.read(folder, List.of("xz", "--stdout", file.toString()), in -> in.readAllBytes()));
    }

    @Test
    void namesLeadToTheGuestBuiltLast() throws IOException {
        GuestStore store = new GuestStore(folder);
        assertTrue(store.find("debian").isEmpty());
        for (String key : List.of("one", "two")) {
            Path scratch = store.scratch();
            Files.writeString(scratch.resolve(DebianGuest.MANIFEST), "made of " + key + "\nfile\n");
            store.keep(scratch, key);
            store.name("debian", key);
        }
        assertEquals("made of two", store.find("debian").orElseThrow().summary());
        assertEquals(1, store.all().size());
        assertTrue(store.find("../debian").isEmpty(), "names are no paths");
    }
}
