package calvin.guests.debian;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a cpio archive in the new ASCII format, which Linux takes as its initial RAM disk (Linux,
 * Documentation/driver-api/early-userspace/buffer-format.rst).
 */
final class Cpio {
    private static final int ALIGNMENT = 4;

    private final OutputStream out;
    private int inode;

    private Cpio(OutputStream out) {
        this.out = out;
    }

    static void write(FileTree tree, OutputStream out) throws IOException {
        Cpio cpio = new Cpio(out);
        try {
            tree.forEach((path, entry) -> {
                try {
                    cpio.entry(path, entry);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
        cpio.entry("TRAILER!!!", new FileTree.Entry(0, new byte[0], 0, 0));
    }

    private void entry(String path, FileTree.Entry entry) throws IOException {
        byte[] name = (path + "\0").getBytes(StandardCharsets.UTF_8);
        inode++;
        StringBuilder header = new StringBuilder("070701");
        int links = entry.type() == FileTree.FOLDER ? 2 : 1;
        // ino mode uid gid nlink mtime filesize devmajor devminor rdevmajor rdevminor namesize check
        for (int field : new int[]{inode, entry.mode(), 0, 0, links, 0, entry.bytes().length, 0, 0, entry.major(),
            entry.minor(), name.length, 0}) {
            header.append(String.format(java.util.Locale.ROOT, "%08X", field));
        }
        byte[] head = header.toString().getBytes(StandardCharsets.US_ASCII);
        out.write(head);
        out.write(name);
        pad(head.length + name.length);
        out.write(entry.bytes());
        pad(entry.bytes().length);
    }

    private void pad(int written) throws IOException {
        out.write(new byte[-written & ALIGNMENT - 1]);
    }
}
