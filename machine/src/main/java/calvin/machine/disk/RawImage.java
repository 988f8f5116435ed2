package calvin.machine.disk;

/** A file that is the disk, byte for byte. A last part of a sector is filled up with zeros. */
public final class RawImage implements DiskImage {
    private final ByteSource source;

    public RawImage(ByteSource source) {
        this.source = source;
    }

    @Override
    public long sizeBytes() {
        return (source.sizeBytes() + Disk.SECTOR_BYTES - 1) / Disk.SECTOR_BYTES * Disk.SECTOR_BYTES;
    }

    @Override
    public boolean read(long at, byte[] into, int offset, int length) {
        int there = (int) Math.max(0, Math.min(length, source.sizeBytes() - at));
        source.read(at, into, offset, there);
        java.util.Arrays.fill(into, offset + there, offset + length, (byte) 0);
        return true;
    }

    @Override
    public String digest() {
        return source.digest();
    }
}
