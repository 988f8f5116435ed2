package calvin.guests.debian;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads the tar archives that {@code dpkg-deb --fsys-tarfile} gives: POSIX ustar with GNU's long names (deb(5),
 * tar(5)). Left out: pax headers, sparse files and base-256 sizes, which Debian's packages do not have; a package with
 * one is refused.
 */
final class TarReader {
    private static final int BLOCK = 512;
    private static final int NAME = 100;

    /** Gets every entry: path without leading slash, permissions, and contents or target. */
    interface Visitor {
        void file(String path, int permissions, byte[] bytes);

        void folder(String path, int permissions);

        void symbolicLink(String path, String target);

        /** Another name for a file that came before. */
        void hardLink(String path, String target);
    }

    private final InputStream in;
    private final byte[] header = new byte[BLOCK];

    private TarReader(InputStream in) {
        this.in = in;
    }

    static void read(InputStream in, Visitor visitor) throws IOException {
        new TarReader(in).read(visitor);
    }

    private void read(Visitor visitor) throws IOException {
        String longName = null;
        String longTarget = null;
        while (next()) {
            byte[] bytes = contents();
            String name = longName != null ? longName : name();
            String target = longTarget != null ? longTarget : text(157, NAME);
            int permissions = (int) octal(100, 8) & 07777;
            longName = null;
            longTarget = null;
            switch (header[156]) {
                case 'L' -> longName = zeroTerminated(bytes);
                case 'K' -> longTarget = zeroTerminated(bytes);
                case '0', 0 -> visitor.file(path(name), permissions, bytes);
                case '1' -> visitor.hardLink(path(name), path(target));
                case '2' -> visitor.symbolicLink(path(name), target);
                case '5' -> visitor.folder(path(name), permissions);
                default -> throw new IOException("entry " + name + " is of type '" + (char) header[156]
                        + "', which is not understood");
            }
        }
        // What follows the end mark is padding; who writes it waits for it to be read.
        in.skip(Long.MAX_VALUE);
    }

    /** The next header; false at the end mark, a block of zeros. */
    private boolean next() throws IOException {
        if (in.readNBytes(header, 0, BLOCK) < BLOCK) {
            throw new IOException("the archive ends too early");
        }
        return header[0] != 0 || text(157, NAME).length() > 0;
    }

    private byte[] contents() throws IOException {
        long size = octal(124, 12);
        if (size > Integer.MAX_VALUE - BLOCK) {
            throw new IOException("an entry has " + size + " bytes");
        }
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw new IOException("the archive ends too early");
        }
        in.skipNBytes(-size & BLOCK - 1);
        return bytes;
    }

    private String name() {
        String prefix = text(257, 6).startsWith("ustar") && header[262] == 0 ? text(345, 155) : "";
        return prefix.isEmpty() ? text(0, NAME) : prefix + "/" + text(0, NAME);
    }

    private long octal(int at, int length) throws IOException {
        if (header[at] < 0) {
            throw new IOException("a number in base 256 is not understood");
        }
        String digits = text(at, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("no tar archive: '" + digits + "' is no octal number", e);
        }
    }

    private String text(int at, int length) {
        int end = at;
        while (end < at + length && header[end] != 0) {
            end++;
        }
        return new String(header, at, end - at, StandardCharsets.UTF_8);
    }

    private static String zeroTerminated(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /** {@code ./usr/bin/} becomes {@code usr/bin}. */
    private static String path(String name) {
        String path = name.startsWith("./") ? name.substring(2) : name;
        path = path.startsWith("/") ? path.substring(1) : path;
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
