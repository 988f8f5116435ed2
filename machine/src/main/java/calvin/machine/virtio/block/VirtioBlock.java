package calvin.machine.virtio.block;

import calvin.machine.disk.Disk;
import calvin.machine.virtio.ServiceCost;
import calvin.machine.virtio.VirtioCore;
import calvin.machine.virtio.VirtioDevice;
import calvin.machine.virtio.queue.Chain;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.time.SimTime;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A disk as virtio block device (virtio 1.2, 5.2): read, write, flush, discard, write zeroes, get ID.
 *
 * <p>A write is on the medium when its request is done, so a flush only takes time. Discarded sectors read as zeros.
 * A request outside the disk, of no whole sectors or larger than {@link #MAX_REQUEST_BYTES} ends with IOERR, one of an
 * unknown type with UNSUPP, one without a header or status byte asks for a reset. Left out: geometry, secure erase,
 * zoned disks, lifetime, writing the cache mode.
 */
public final class VirtioBlock implements VirtioDevice {
    /** A flash drive: 1 us to fetch the request, 60 us to serve it, 2 GB/s. */
    public static final ServiceCost DEFAULT_COST = new ServiceCost(SimTime.PS_PER_US, 60 * SimTime.PS_PER_US, 500);
    /** What one request may move, and what one segment of a discard may cover divided by {@link #ZERO_FACTOR}. */
    public static final int MAX_REQUEST_BYTES = 32 << 20;

    static final long SEG_MAX = 1L << 2;
    static final long RO = 1L << 5;
    static final long BLK_SIZE = 1L << 6;
    static final long FLUSH = 1L << 9;
    static final long TOPOLOGY = 1L << 10;
    static final long MQ = 1L << 12;
    static final long DISCARD = 1L << 13;
    static final long WRITE_ZEROES = 1L << 14;

    static final int IN = 0;
    static final int OUT = 1;
    static final int FLUSH_REQUEST = 4;
    static final int GET_ID = 8;
    static final int DISCARD_REQUEST = 11;
    static final int WRITE_ZEROES_REQUEST = 13;

    static final int OK = 0;
    static final int IOERR = 1;
    static final int UNSUPP = 2;

    private static final int ID_BYTES = 20;
    private static final int HEADER_BYTES = 16;
    private static final int SEGMENT_BYTES = 16;
    private static final int MAX_SEGMENTS = 16;
    private static final int UNMAP = 1;
    private static final int CONFIG_BYTES = 60;
    private static final int QUEUE_SIZE = 256;
    /** Zeros are written without a transfer; a segment may be this much larger than a request. */
    private static final int ZERO_FACTOR = 32;
    private static final int MAX_ZERO_SECTORS = MAX_REQUEST_BYTES / Disk.SECTOR_BYTES * ZERO_FACTOR;

    private final Disk disk;
    private final byte[] id;
    private final int queues;
    private final ServiceCost cost;
    private final Block config = new Block(CONFIG_BYTES);
    private final Block header = new Block(HEADER_BYTES);
    private final byte[] bytes = new byte[1 << 16];
    private VirtioCore core;

    /**
     * @param serial what get ID answers, at most 20 characters
     * @param queues request queues, 1 to 16
     */
    public VirtioBlock(Disk disk, String serial, int queues, ServiceCost cost) {
        this.disk = disk;
        this.id = Arrays.copyOf(serial.getBytes(StandardCharsets.UTF_8), ID_BYTES);
        this.queues = queues;
        this.cost = cost;
        config.u64(0, disk.sizeBytes() / Disk.SECTOR_BYTES);
        config.u32(12, QUEUE_SIZE - 2);
        config.u32(20, Disk.SECTOR_BYTES);
        // Topology: 8 sectors to a physical block of 4 KiB.
        config.u8(24, 3);
        config.u16(34, queues);
        config.u32(36, MAX_ZERO_SECTORS);
        config.u32(40, MAX_SEGMENTS);
        config.u32(44, 8);
        config.u32(48, MAX_ZERO_SECTORS);
        config.u32(52, MAX_SEGMENTS);
        config.u8(56, 1);
    }

    @Override
    public int id() {
        return 2;
    }

    @Override
    public int pciClass() {
        // Mass storage, SCSI: as QEMU's.
        return 0x01_00_00;
    }

    @Override
    public long features() {
        return SEG_MAX | BLK_SIZE | FLUSH | TOPOLOGY | (queues > 1 ? MQ : 0)
                | (disk.readOnly() ? RO : DISCARD | WRITE_ZEROES);
    }

    @Override
    public int[] queueSizes() {
        int[] sizes = new int[queues];
        Arrays.fill(sizes, QUEUE_SIZE);
        return sizes;
    }

    @Override
    public ServiceCost cost() {
        return cost;
    }

    @Override
    public void connect(VirtioCore value) {
        core = value;
    }

    @Override
    public int configBytes() {
        return CONFIG_BYTES;
    }

    @Override
    public int config(int offset) {
        return config.u8(offset);
    }

    /** The readable header and the last writable byte, which takes the status, must be there. */
    private boolean readHeader(Chain chain) {
        if (chain.writableBytes() < 1 || !chain.read(0, bytes, 0, HEADER_BYTES)) {
            return false;
        }
        header.write(0, bytes, 0, HEADER_BYTES);
        return true;
    }

    @Override
    public long start(long timePs, int queue, Chain chain) {
        if (!readHeader(chain)) {
            return -1;
        }
        long moved = switch ((int) header.u32(0)) {
            case IN -> chain.writableBytes() - 1;
            case OUT -> chain.readableBytes() - HEADER_BYTES;
            default -> 0;
        };
        return core.transfer(timePs, Math.min(moved, MAX_REQUEST_BYTES));
    }

    @Override
    public long finish(long timePs, int queue, Chain chain) {
        if (!readHeader(chain)) {
            return -1;
        }
        long data = chain.writableBytes() - 1;
        long at = header.u64(8) * Disk.SECTOR_BYTES;
        // A sector number whose byte address does not fit into 64 bits lies on no disk.
        if (Long.compareUnsigned(header.u64(8), Disk.MAX_BYTES / Disk.SECTOR_BYTES) > 0) {
            at = -1;
        }
        int status;
        long written = 0;
        switch ((int) header.u32(0)) {
            case IN -> {
                status = read(chain, at, data);
                written = status == OK ? data : 0;
            }
            case OUT -> status = write(chain, at, chain.readableBytes() - HEADER_BYTES);
            case FLUSH_REQUEST -> status = OK;
            case GET_ID -> {
                written = Math.min(ID_BYTES, data);
                status = chain.write(0, id, 0, (int) written) ? OK : -1;
            }
            case DISCARD_REQUEST, WRITE_ZEROES_REQUEST -> status = zero(chain, (int) header.u32(0));
            default -> status = UNSUPP;
        }
        bytes[0] = (byte) status;
        return status >= 0 && chain.write(data, bytes, 0, 1) ? written + 1 : -1;
    }

    private boolean valid(long at, long length) {
        return length % Disk.SECTOR_BYTES == 0 && length <= MAX_REQUEST_BYTES && disk.holds(at, length);
    }

    /** A status, or -1 when the chain's pieces are not memory. */
    private int read(Chain chain, long at, long length) {
        if (!valid(at, length)) {
            return IOERR;
        }
        for (long done = 0; done < length; done += bytes.length) {
            int part = (int) Math.min(bytes.length, length - done);
            if (!disk.read(at + done, bytes, 0, part)) {
                return IOERR;
            }
            if (!chain.write(done, bytes, 0, part)) {
                return -1;
            }
        }
        return OK;
    }

    private int write(Chain chain, long at, long length) {
        if (!valid(at, length) || disk.readOnly()) {
            return IOERR;
        }
        for (long done = 0; done < length; done += bytes.length) {
            int part = (int) Math.min(bytes.length, length - done);
            if (!chain.read(HEADER_BYTES + done, bytes, 0, part)) {
                return -1;
            }
            if (!disk.write(at + done, bytes, 0, part)) {
                return IOERR;
            }
        }
        return OK;
    }

    /** Segments of { u64 sector; u32 sectors; u32 flags } (5.2.6). */
    private int zero(Chain chain, int type) {
        long length = chain.readableBytes() - HEADER_BYTES;
        if (disk.readOnly()) {
            return IOERR;
        }
        if (length == 0 || length % SEGMENT_BYTES != 0 || length > MAX_SEGMENTS * SEGMENT_BYTES) {
            return IOERR;
        }
        for (int done = 0; done < length; done += SEGMENT_BYTES) {
            if (!chain.read(HEADER_BYTES + done, bytes, 0, SEGMENT_BYTES)) {
                return -1;
            }
            header.write(0, bytes, 0, SEGMENT_BYTES);
            long sector = header.u64(0);
            long sectors = header.u32(8);
            // 5.2.6.2: unknown flags, and UNMAP in a discard, are not supported.
            if ((header.u32(12) & (type == DISCARD_REQUEST ? ~0L : ~(long) UNMAP)) != 0) {
                return UNSUPP;
            }
            boolean there = Long.compareUnsigned(sector, Disk.MAX_BYTES / Disk.SECTOR_BYTES) <= 0
                    && sectors <= MAX_ZERO_SECTORS
                    && disk.holds(sector * Disk.SECTOR_BYTES, sectors * Disk.SECTOR_BYTES);
            if (!there || !disk.zero(sector * Disk.SECTOR_BYTES, sectors * Disk.SECTOR_BYTES)) {
                return IOERR;
            }
        }
        return OK;
    }

    @Override
    public void restart() {}

    @Override
    public void save(StateWriter out) {}

    @Override
    public void load(StateReader in) {}
}
