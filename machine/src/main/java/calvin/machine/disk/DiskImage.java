package calvin.machine.disk;

/** The contents of a disk as it was made, by byte; does not change. */
public interface DiskImage {
    /** As the guest sees it; a multiple of {@link Disk#SECTOR_BYTES}. */
    long sizeBytes();

    /**
     * @return false when the image is damaged there: the guest sees a medium error
     */
    boolean read(long at, byte[] into, int offset, int length);

    /** Names the contents: the digests of the files they come from. */
    String digest();
}
