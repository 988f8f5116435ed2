package calvin.experiment.attach;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.machine.disk.ByteSource;
import calvin.machine.disk.DiskException;
import calvin.machine.disk.DiskImage;
import calvin.machine.disk.Qcow2Image;
import calvin.machine.disk.RawImage;
import calvin.machine.virtio.share.SharedFile;
import calvin.machine.virtio.share.SharedTree;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Opens disk images, by memory map, and reads shared folders, into memory. */
final class HostFiles {
    /** Backing files of backing files; deeper is taken for a circle. */
    private static final int MAX_DEPTH = 16;
    private static final long MAX_FOLDER_BYTES = 1L << 30;
    private static final int CHUNK = 1 << 20;

    private final Place place;

    HostFiles(Place place) {
        this.place = place;
    }

    /** The mapped bytes of a file. */
    private record Mapped(MemorySegment bytes, String digest) implements ByteSource {
        @Override
        public long sizeBytes() {
            return bytes.byteSize();
        }

        @Override
        public void read(long at, byte[] into, int offset, int length) {
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, into, offset, length);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private ByteSource map(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            // Unmapped when nothing refers to it any more.
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
            MessageDigest digest = sha256();
            byte[] chunk = new byte[CHUNK];
            for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
                int part = (int) Math.min(CHUNK, bytes.byteSize() - at);
                MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, chunk, 0, part);
                digest.update(chunk, 0, part);
            }
            return new Mapped(bytes, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw new InputException(place, file + " cannot be read: " + e);
        }
    }

    /**
     * A disk's contents.
     *
     * @param format {@code raw}, {@code qcow2}, or empty for what the file's first bytes say
     */
    DiskImage image(Path file, String format) {
        return image(file, format, 0);
    }

    private DiskImage image(Path file, String format, int depth) {
        if (depth == MAX_DEPTH) {
            throw new InputException(place, "more than " + MAX_DEPTH + " backing files: is one its own?");
        }
        ByteSource source = map(file);
        if (format.equals("raw") || format.isEmpty() && !Qcow2Image.matches(source)) {
            return new RawImage(source);
        }
        try {
            Optional<String> name = Qcow2Image.backingName(source);
            DiskImage backing = name.isEmpty() ? null : image(file.resolveSibling(name.get()), "", depth + 1);
            return Qcow2Image.open(source, backing);
        } catch (DiskException e) {
            throw new InputException(place, file + ": " + e.getMessage());
        }
    }

    /** A folder as it is now: all of it is read, so what happens to it later changes nothing. */
    SharedTree folder(String stateName, Path folder) {
        MessageDigest digest = sha256();
        long[] total = new long[1];
        try {
            if (!Files.isDirectory(folder)) {
                throw new InputException(place, folder + " is not a folder");
            }
            SharedFile root = read(folder, digest, total);
            return new SharedTree(stateName, root, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw new InputException(place, folder + " cannot be read: " + e);
        }
    }

    private SharedFile read(Path path, MessageDigest digest, long[] total) throws IOException {
        String name = path.getFileName() == null ? "" : path.getFileName().toString();
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        long mtimeS = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000;
        note(digest, name + " " + Integer.toOctalString(mode) + " " + mtimeS);
        if (Files.isSymbolicLink(path)) {
            String target = Files.readSymbolicLink(path).toString();
            note(digest, target);
            return SharedFile.link(name, mtimeS, target);
        }
        if (Files.isDirectory(path)) {
            List<Path> entries;
            try (var all = Files.list(path)) {
                entries = all.sorted().toList();
            }
            List<SharedFile> children = new ArrayList<>();
            for (Path entry : entries) {
                // Sockets, pipes and devices of the host are not shared.
                if (Files.isDirectory(entry) || Files.isRegularFile(entry) || Files.isSymbolicLink(entry)) {
                    children.add(read(entry, digest, total));
                }
            }
            note(digest, "end");
            return SharedFile.folder(name, mode, mtimeS, children);
        }
        total[0] += Files.size(path);
        if (total[0] > MAX_FOLDER_BYTES) {
            throw new InputException(place, "the folder has more than 1 GiB; put it into a disk image");
        }
        byte[] bytes = Files.readAllBytes(path);
        digest.update(bytes);
        return SharedFile.file(name, mode, mtimeS, ByteSource.of(bytes, name));
    }

    private static void note(MessageDigest digest, String text) {
        digest.update((text + "\0").getBytes(StandardCharsets.UTF_8));
    }
}
