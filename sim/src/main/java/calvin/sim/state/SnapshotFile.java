package calvin.sim.state;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The portable form of a {@link Snapshot}.
 *
 * <pre>
 * file:  magic "CALVSNAP" | version u32 | header UTF (chosen by the caller) | deflate( body ) | SHA-256 of all before
 * body:  count u32, then count components
 * component:  name UTF | length u32 | state | images u32 | images
 * image:  {page u64, 4096 bytes}* | -1
 * </pre>
 *
 * Integers are big-endian as {@link DataOutputStream} writes them; state bytes and pages are as the components wrote
 * them.
 */
public final class SnapshotFile {
    private static final long MAGIC = 0x43414C56_534E4150L;
    private static final int VERSION = 1;
    private static final int MAX_COMPONENTS = 1 << 24;

    private SnapshotFile() {}

    /** A file that is not a whole snapshot of this version. The message says what is wrong with it. */
    public static final class FormatException extends IOException {
        private static final long serialVersionUID = 1L;

        public FormatException(String message) {
            super(message);
        }
    }

    /** What a file held. */
    public record Loaded(String header, Snapshot snapshot) {}

    public static void write(Snapshot snapshot, String header, OutputStream out) throws IOException {
        MessageDigest sha = sha256();
        DigestOutputStream digested = new DigestOutputStream(new BufferedOutputStream(out, 1 << 16), sha);
        DataOutputStream head = new DataOutputStream(digested);
        head.writeLong(MAGIC);
        head.writeInt(VERSION);
        head.writeUTF(header);
        head.flush();
        // Finishing the stream does not free a deflater that was given to it.
        try (Deflater deflater = new Deflater(Deflater.BEST_SPEED)) {
            DeflaterOutputStream deflate = new DeflaterOutputStream(digested, deflater, 1 << 16);
            DataOutputStream body = new DataOutputStream(new BufferedOutputStream(deflate, 1 << 16));
            writeBody(snapshot, body);
            body.flush();
            deflate.finish();
        }
        digested.on(false);
        digested.write(sha.digest());
        digested.flush();
    }

    private static void writeBody(Snapshot snapshot, DataOutputStream body) throws IOException {
        List<String> names = new ArrayList<>();
        List<byte[]> states = new ArrayList<>();
        List<List<Pages.PageImage>> images = new ArrayList<>();
        snapshot.forEach((name, bytes, pages) -> {
            names.add(name);
            states.add(bytes);
            images.add(pages);
        });
        byte[] page = new byte[Pages.PAGE_BYTES];
        body.writeInt(names.size());
        for (int i = 0; i < names.size(); i++) {
            body.writeUTF(names.get(i));
            body.writeInt(states.get(i).length);
            body.write(states.get(i));
            body.writeInt(images.get(i).size());
            for (Pages.PageImage image : images.get(i)) {
                for (long p = image.nextPage(0); p >= 0; p = image.nextPage(p + 1)) {
                    image.copyPage(p, page);
                    if (!StateHash.isZero(page)) {
                        body.writeLong(p);
                        body.write(page);
                    }
                }
                body.writeLong(-1);
            }
        }
    }

    /** Reads a whole file's bytes; refuses damaged, foreign and newer ones. */
    public static Loaded read(byte[] file) throws IOException {
        MessageDigest sha = sha256();
        int end = file.length - sha.getDigestLength();
        if (end < 16) {
            throw new FormatException("too short to be a snapshot (" + file.length + " bytes)");
        }
        DataInputStream head = new DataInputStream(new java.io.ByteArrayInputStream(file, 0, end));
        if (head.readLong() != MAGIC) {
            throw new FormatException("not a Calvin snapshot");
        }
        int version = head.readInt();
        if (version != VERSION) {
            throw new FormatException("snapshot version " + version + ", this Calvin reads version " + VERSION);
        }
        sha.update(file, 0, end);
        if (!MessageDigest.isEqual(sha.digest(), java.util.Arrays.copyOfRange(file, end, file.length))) {
            throw new FormatException("damaged: its checksum does not match its contents");
        }
        String header = head.readUTF();
        return new Loaded(header, readBody(head));
    }

    private static Snapshot readBody(InputStream in) throws IOException {
        DataInputStream body = new DataInputStream(new BufferedInputStream(new InflaterInputStream(in), 1 << 16));
        Map<String, byte[]> states = new LinkedHashMap<>();
        Map<String, List<Pages.PageImage>> images = new LinkedHashMap<>();
        int count = body.readInt();
        if (count < 0 || count > MAX_COMPONENTS) {
            throw new FormatException("damaged: " + count + " components");
        }
        for (int i = 0; i < count; i++) {
            String name = body.readUTF();
            byte[] state = new byte[body.readInt()];
            body.readFully(state);
            List<Pages.PageImage> pages = new ArrayList<>();
            int imageCount = body.readInt();
            for (int j = 0; j < imageCount; j++) {
                pages.add(readImage(body));
            }
            states.put(name, state);
            images.put(name, List.copyOf(pages));
        }
        return Snapshot.of(states, images);
    }

    private static Pages.PageImage readImage(DataInputStream body) throws IOException {
        TreeMap<Long, byte[]> pages = new TreeMap<>();
        for (long p = body.readLong(); p >= 0; p = body.readLong()) {
            byte[] page = new byte[Pages.PAGE_BYTES];
            body.readFully(page);
            pages.put(p, page);
        }
        return new HeapImage(pages);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private record HeapImage(NavigableMap<Long, byte[]> pages) implements Pages.PageImage {
        @Override
        public long nextPage(long from) {
            Long next = pages.ceilingKey(from);
            return next == null ? -1 : next;
        }

        @Override
        public void copyPage(long page, byte[] into) {
            System.arraycopy(pages.get(page), 0, into, 0, Pages.PAGE_BYTES);
        }
    }
}
