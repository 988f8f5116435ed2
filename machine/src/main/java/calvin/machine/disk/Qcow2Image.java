package calvin.machine.disk;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A disk in QEMU's qcow2 form, versions 2 and 3, for reading.
 *
 * <pre>
 * byte -> L1 entry -> L2 table -> L2 entry -> cluster: data | zeros | packed with deflate | in the backing image
 * </pre>
 *
 * What the header promises is checked when the image is opened, with a message that says what is wrong; an L2 entry
 * that points out of the file is a medium error of that cluster. Refused: encryption, external data files, extended L2
 * entries, zstd, images marked corrupt. Reference counts and internal snapshots are not looked at: nothing is written.
 * The backing image is found by whoever opens the files ({@link #backingName}). Spec: QEMU, docs/interop/qcow2.txt.
 */
public final class Qcow2Image implements DiskImage {
    private static final long MAGIC = 0x5146_49FBL;
    private static final int V2_HEADER_BYTES = 72;
    private static final int V3_HEADER_BYTES = 104;
    private static final int MAX_NAME_BYTES = 1023;
    private static final long OFFSET = 0x00FF_FFFF_FFFF_FE00L;
    private static final long COMPRESSED = 1L << 62;
    private static final long ZERO = 1;

    private static final long CORRUPT = 1L << 1;
    private static final long EXTERNAL_DATA = 1L << 2;
    private static final long COMPRESSION_TYPE = 1L << 3;
    private static final long EXTENDED_L2 = 1L << 4;
    /** Of those, what does not hinder reading: dirty reference counts, and a compression type that is deflate. */
    private static final long READABLE = 1 | COMPRESSION_TYPE;

    private final ByteSource source;
    private final DiskImage backing;
    private final long sizeBytes;
    private final int clusterBits;
    private final boolean zeroClusters;
    private final long[] l1;
    private final byte[] word = new byte[8];
    /** The cluster that was unpacked last, and where its packed form lies. */
    private final byte[] unpacked;
    private long unpackedEntry;

    /** Whether a file says of itself that it is qcow2. */
    public static boolean matches(ByteSource source) {
        return source.sizeBytes() >= 4 && new Reader(source).u32(0) == MAGIC;
    }

    /**
     * What the image calls its backing file: a host's file name, often relative to the image's folder.
     *
     * @throws DiskException when the file is no sound qcow2 image
     */
    public static Optional<String> backingName(ByteSource source) throws DiskException {
        Reader reader = new Reader(source);
        check(source.sizeBytes() >= V2_HEADER_BYTES && reader.u32(0) == MAGIC, "this is not a qcow2 image");
        long at = reader.u64(8);
        long length = reader.u32(16);
        if (at == 0) {
            return Optional.empty();
        }
        check(length > 0 && length <= MAX_NAME_BYTES && reader.holds(at, length),
                "the backing file's name lies outside the file or has more than 1023 bytes");
        byte[] name = new byte[(int) length];
        source.read(at, name, 0, name.length);
        return Optional.of(new String(name, StandardCharsets.UTF_8));
    }

    /**
     * @param backing what lies under the image, or null when it names nothing
     * @throws DiskException when the image is damaged or of a sort that cannot be read
     */
    public static Qcow2Image open(ByteSource source, DiskImage backing) throws DiskException {
        check(backingName(source).isPresent() == (backing != null), "the image's backing file is missing or not asked"
                + " for");
        return new Qcow2Image(source, backing);
    }

    private Qcow2Image(ByteSource source, DiskImage backing) throws DiskException {
        this.source = source;
        this.backing = backing;
        Reader reader = new Reader(source);
        long version = reader.u32(4);
        check(version == 2 || version == 3, "qcow2 version " + version + "; there are 2 and 3");
        clusterBits = (int) reader.u32(20);
        check(clusterBits >= 9 && clusterBits <= 21, "clusters of 2^" + clusterBits
                + " bytes; 2^9 to 2^21 are allowed");
        sizeBytes = reader.u64(24) + Disk.SECTOR_BYTES - 1 & -Disk.SECTOR_BYTES;
        check(sizeBytes > 0 && sizeBytes <= Disk.MAX_BYTES, "the disk has " + reader.u64(24) + " bytes; it must have 1"
                + " to " + Disk.MAX_BYTES);
        check(reader.u32(32) == 0, "the image is encrypted");
        zeroClusters = version == 3;
        if (version == 3) {
            features(reader);
        }
        long entries = reader.u32(36);
        long l1At = reader.u64(40);
        long clusters = (sizeBytes + (1L << clusterBits) - 1) >>> clusterBits;
        long needed = (clusters + (1L << clusterBits - 3) - 1) >>> clusterBits - 3;
        check(entries >= needed, "the L1 table has " + entries + " entries; " + needed + " are needed");
        check(l1At % (1L << clusterBits) == 0 && reader.holds(l1At, needed * 8), "the L1 table lies outside the file");
        l1 = new long[(int) needed];
        for (int i = 0; i < l1.length; i++) {
            l1[i] = reader.u64(l1At + 8L * i) & OFFSET;
            check(l1[i] == 0 || l1[i] % (1L << clusterBits) == 0 && reader.holds(l1[i], 1L << clusterBits),
                    "L1 entry " + i + " points to " + l1[i] + ", where no L2 table can be");
        }
        unpacked = new byte[1 << clusterBits];
    }

    private static void features(Reader reader) throws DiskException {
        check(reader.holds(0, V3_HEADER_BYTES), "the file ends within its header");
        long incompatible = reader.u64(72);
        check((incompatible & CORRUPT) == 0, "the image is marked corrupt; qemu-img check -r may repair it");
        check((incompatible & EXTERNAL_DATA) == 0, "the image's data is in another file");
        check((incompatible & EXTENDED_L2) == 0, "the image has extended L2 entries (subclusters)");
        check((incompatible & ~(READABLE | CORRUPT | EXTERNAL_DATA | EXTENDED_L2)) == 0,
                "the image has unknown incompatible features " + Long.toHexString(incompatible));
        check((incompatible & COMPRESSION_TYPE) == 0 || reader.u8(104) == 0,
                "the image is packed with zstd; only deflate can be read");
        check(reader.u32(100) >= V3_HEADER_BYTES, "the header has " + reader.u32(100) + " bytes, fewer than 104");
    }

    private static void check(boolean condition, String message) throws DiskException {
        if (!condition) {
            throw new DiskException(message);
        }
    }

    /** Big-endian numbers of a file. */
    private record Reader(ByteSource source, byte[] word) {
        Reader(ByteSource source) {
            this(source, new byte[8]);
        }

        boolean holds(long at, long length) {
            return at >= 0 && length >= 0 && at <= source.sizeBytes() && length <= source.sizeBytes() - at;
        }

        private long number(long at, int width) {
            source.read(at, word, 0, width);
            long value = 0;
            for (int i = 0; i < width; i++) {
                value = value << 8 | word[i] & 0xFF;
            }
            return value;
        }

        int u8(long at) {
            return holds(at, 1) ? (int) number(at, 1) : 0;
        }

        long u32(long at) {
            return number(at, 4);
        }

        long u64(long at) {
            return number(at, 8);
        }
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public boolean read(long at, byte[] into, int offset, int length) {
        for (int done = 0; done < length;) {
            long where = at + done;
            int inside = (int) (where & (1L << clusterBits) - 1);
            int part = Math.min(length - done, (1 << clusterBits) - inside);
            if (!readCluster(where, inside, into, offset + done, part)) {
                return false;
            }
            done += part;
        }
        return true;
    }

    private boolean holds(long at, long length) {
        return at <= source.sizeBytes() && length <= source.sizeBytes() - at;
    }

    private boolean readCluster(long where, int inside, byte[] into, int offset, int length) {
        long cluster = where >>> clusterBits;
        long table = l1[(int) (cluster >>> clusterBits - 3)];
        long entry = 0;
        if (table != 0) {
            source.read(table + 8 * (cluster & (1L << clusterBits - 3) - 1), word, 0, 8);
            for (byte each : word) {
                entry = entry << 8 | each & 0xFF;
            }
        }
        if ((entry & COMPRESSED) != 0) {
            if (!unpack(entry)) {
                return false;
            }
            System.arraycopy(unpacked, inside, into, offset, length);
            return true;
        }
        if (zeroClusters && (entry & ZERO) != 0) {
            Arrays.fill(into, offset, offset + length, (byte) 0);
            return true;
        }
        long data = entry & OFFSET;
        if (data == 0) {
            return readBacking(where, into, offset, length);
        }
        if (data % (1L << clusterBits) != 0 || !holds(data + inside, length)) {
            return false;
        }
        source.read(data + inside, into, offset, length);
        return true;
    }

    private boolean readBacking(long where, byte[] into, int offset, int length) {
        int there = backing == null ? 0 : (int) Math.max(0, Math.min(length, backing.sizeBytes() - where));
        Arrays.fill(into, offset + there, offset + length, (byte) 0);
        return there == 0 || backing.read(where, into, offset, there);
    }

    /** The entry's low bits are where the packed bytes begin, the bits above how many further sectors they touch. */
    private boolean unpack(long entry) {
        if (entry == unpackedEntry) {
            return true;
        }
        int shift = 62 - (clusterBits - 8);
        long at = entry & (1L << shift) - 1;
        long sectors = (entry & COMPRESSED - 1) >>> shift;
        long length = Math.min((sectors + 1) * Disk.SECTOR_BYTES - (at & Disk.SECTOR_BYTES - 1),
                source.sizeBytes() - at);
        if (length <= 0) {
            return false;
        }
        byte[] packed = new byte[(int) length];
        source.read(at, packed, 0, packed.length);
        unpackedEntry = 0;
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(packed);
            int done = 0;
            while (done < unpacked.length) {
                int some = inflater.inflate(unpacked, done, unpacked.length - done);
                if (some == 0) {
                    return false;
                }
                done += some;
            }
        } catch (DataFormatException e) {
            return false;
        }
        unpackedEntry = entry;
        return true;
    }

    @Override
    public String digest() {
        return backing == null ? source.digest() : source.digest() + " over " + backing.digest();
    }
}
