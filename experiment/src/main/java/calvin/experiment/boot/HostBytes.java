package calvin.experiment.boot;

import calvin.machine.disk.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file of the host as it is when the run begins: mapped, and named by its hash. Who changes the file while the
 * machine runs changes what the guest sees, as with any emulator.
 */
final class HostBytes {
    private static final int BUFFER_BYTES = 1 << 16;

    private HostBytes() {}

    /** Maps a file for as long as the process runs. */
    static ByteSource of(Path file) throws IOException {
        String digest = digest(file);
        if (Files.size(file) == 0) {
            return ByteSource.of(new byte[0], digest);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.global());
            return new Mapped(bytes, digest);
        }
    }

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

    private static String digest(Path file) throws IOException {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER_BYTES];
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), hash)) {
                while (in.read(buffer) >= 0) {
                    // The stream does the work.
                    continue;
                }
            }
            return HexFormat.of().formatHex(hash.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
