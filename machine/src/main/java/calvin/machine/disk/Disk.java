package calvin.machine.disk;

import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mem.RamRegion;
import calvin.sim.check.Check;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import java.util.List;

/**
 * A medium: an image, and over it the pages the guest has written.
 *
 * <pre>
 * overlay  [ page 0 | page 1 | ... | one bit per page: the page is here, not in the image ]
 * </pre>
 *
 * Only the overlay is state, in pages that snapshots share copy-on-write; the image is part of the plan. So an idle
 * disk of any size costs nothing, and a fork what it writes. The state names the image's digest, so that a snapshot is
 * not loaded over another image. Survives a reset of the device it is in. Up to 1 TiB.
 *
 * <p>Owned by its machine's lane.
 */
public final class Disk implements Stateful {
    public static final int SECTOR_BYTES = 512;
    public static final long MAX_BYTES = 1L << 40;

    private static final int PAGE = 4096;
    private static final int PAGE_MASK = PAGE - 1;
    private static final long REGION_ALIGNMENT = 2L << 20;

    private final String stateName;
    private final DiskImage image;
    private final boolean readOnly;
    private final PhysicalMemory overlay;
    private final long bitsAt;
    private final byte[] page = new byte[PAGE];

    /**
     * @throws DiskException when the image is empty or too large
     */
    public static Disk of(String stateName, DiskImage image, boolean readOnly) throws DiskException {
        if (image.sizeBytes() <= 0 || image.sizeBytes() > MAX_BYTES) {
            throw new DiskException("the disk has " + image.sizeBytes() + " bytes; it must have 1 to " + MAX_BYTES);
        }
        return new Disk(stateName, image, readOnly);
    }

    private Disk(String stateName, DiskImage image, boolean readOnly) {
        this.stateName = stateName;
        this.image = image;
        this.readOnly = readOnly;
        long pages = (image.sizeBytes() + PAGE_MASK) / PAGE;
        bitsAt = (pages * PAGE + REGION_ALIGNMENT - 1) / REGION_ALIGNMENT * REGION_ALIGNMENT;
        long bitBytes = ((pages + 7) / 8 + PAGE_MASK) / PAGE * PAGE;
        overlay = new PhysicalMemory(stateName, List.of(new RamRegion(0, pages * PAGE, 0),
                new RamRegion(bitsAt, bitBytes, 0)));
    }

    public long sizeBytes() {
        return image.sizeBytes();
    }

    public boolean readOnly() {
        return readOnly;
    }

    /** Whether {@code [at, at + length)} lies on the disk. */
    public boolean holds(long at, long length) {
        return at >= 0 && length >= 0 && at <= sizeBytes() && length <= sizeBytes() - at;
    }

    /** Pages the guest has written. */
    public long writtenPages() {
        long count = 0;
        for (long p = overlay.nextPage(bitsAt / PAGE); p >= 0; p = overlay.nextPage(p + 1)) {
            for (int i = 0; i < PAGE; i += 8) {
                count += Long.bitCount(overlay.u64(p * PAGE + i));
            }
        }
        return count;
    }

    private boolean written(long pageNumber) {
        return (overlay.u8(bitsAt + (pageNumber >>> 3)) >>> (pageNumber & 7) & 1) != 0;
    }

    private void markWritten(long pageNumber) {
        long at = bitsAt + (pageNumber >>> 3);
        overlay.u8(at, overlay.u8(at) | 1 << (pageNumber & 7));
    }

    /** False when the image is damaged there. The range must lie on the disk. */
    public boolean read(long at, byte[] into, int offset, int length) {
        Check.that(holds(at, length), "read beyond the disk", at, length);
        for (int done = 0; done < length;) {
            long where = at + done;
            int part = Math.min(length - done, PAGE - (int) (where & PAGE_MASK));
            if (written(where / PAGE)) {
                overlay.read(where, into, offset + done, part);
            } else if (!image.read(where, into, offset + done, part)) {
                return false;
            }
            done += part;
        }
        return true;
    }

    /** False when the image is damaged there and a part of a page had to be read. */
    public boolean write(long at, byte[] from, int offset, int length) {
        Check.that(holds(at, length) && !readOnly, "write beyond the disk", at, length);
        for (int done = 0; done < length;) {
            long where = at + done;
            int part = Math.min(length - done, PAGE - (int) (where & PAGE_MASK));
            if (!own(where / PAGE, part == PAGE)) {
                return false;
            }
            overlay.write(where, from, offset + done, part);
            done += part;
        }
        return true;
    }

    /** Makes bytes zero; whole pages take no memory. */
    public boolean zero(long at, long length) {
        Check.that(holds(at, length) && !readOnly, "write beyond the disk", at, length);
        for (long done = 0; done < length;) {
            long where = at + done;
            long part = Math.min(length - done, PAGE - (where & PAGE_MASK));
            if (!own(where / PAGE, part == PAGE)) {
                return false;
            }
            overlay.zero(where, part);
            done += part;
        }
        return true;
    }

    private boolean own(long pageNumber, boolean overwritten) {
        if (written(pageNumber)) {
            return true;
        }
        if (!overwritten) {
            int length = (int) Math.min(PAGE, sizeBytes() - pageNumber * PAGE);
            if (!image.read(pageNumber * PAGE, page, 0, length)) {
                return false;
            }
            overlay.write(pageNumber * PAGE, page, 0, length);
        }
        markWritten(pageNumber);
        return true;
    }

    /** Gives the overlay's memory back. Nothing may be done with the disk afterwards. */
    public void close() {
        overlay.close();
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        out.blob(image.digest().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        overlay.save(out);
    }

    @Override
    public void load(StateReader in) {
        String digest = new String(in.blob(), java.nio.charset.StandardCharsets.UTF_8);
        Check.that(digest.equals(image.digest()), "the snapshot was taken over another disk image", digest);
        overlay.load(in);
    }
}
