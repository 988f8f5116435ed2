package calvin.machine.virtio.balloon;

import calvin.machine.virtio.ServiceCost;
import calvin.machine.virtio.VirtioCore;
import calvin.machine.virtio.VirtioDevice;
import calvin.machine.virtio.queue.Chain;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.time.SimTime;

/**
 * A memory balloon (virtio 1.2, 5.5): the host asks for pages, the driver gives their numbers, and their contents are
 * gone: they become zero, which is the state of pages that were never touched. Deflating needs nothing: the pages are
 * there. Page numbers outside RAM are ignored. Left out: statistics, page poisoning, free page hints and reporting.
 */
public final class VirtioBalloon implements VirtioDevice {
    /** 1 us to notice a request, 1 us to serve it; dropping 1024 pages takes about 1 us more. */
    public static final ServiceCost DEFAULT_COST = new ServiceCost(SimTime.PS_PER_US, SimTime.PS_PER_US, 250);
    public static final int PAGE_BYTES = 4096;
    private static final long DEFLATE_ON_OOM = 1L << 2;
    private static final int INFLATE = 0;
    private static final int CONFIG_BYTES = 8;
    private static final int ACTUAL = 4;
    /** Page numbers of one request. */
    private static final int MAX_PAGES = 4096;

    /** Drops the contents of guest pages. */
    public interface PageTaker {
        /** Makes the page at {@code pa} zero, if it is RAM. */
        void drop(long pa);
    }

    private final PageTaker taker;
    private final long initialPages;
    private final ServiceCost cost;
    /** The configuration space: u32 pages wanted, u32 pages the driver says it has given. */
    private final Block state = new Block(CONFIG_BYTES);
    private final Block numbers = new Block(4 * MAX_PAGES);
    private final byte[] bytes = new byte[4 * MAX_PAGES];
    private VirtioCore core;

    /** @param initialPages of 4 KiB, that the host asks for from the beginning */
    public VirtioBalloon(PageTaker taker, long initialPages, ServiceCost cost) {
        this.taker = taker;
        this.initialPages = initialPages;
        this.cost = cost;
        powerOn();
    }

    /** Asks the driver to bring the balloon to this many pages. */
    public void ask(long pages) {
        state.u32(0, pages);
        core.configChanged();
    }

    /** Pages in the balloon, as the driver says. */
    public long actualPages() {
        return state.u32(ACTUAL);
    }

    @Override
    public int id() {
        return 5;
    }

    @Override
    public int pciClass() {
        return 0xFF_00_00;
    }

    @Override
    public long features() {
        return DEFLATE_ON_OOM;
    }

    @Override
    public int[] queueSizes() {
        return new int[]{128, 128};
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
        return state.u8(offset);
    }

    @Override
    public void config(int offset, int value) {
        if (offset >= ACTUAL) {
            state.u8(offset, value);
        }
    }

    @Override
    public long start(long timePs, int queue, Chain chain) {
        long length = chain.readableBytes();
        return length % 4 != 0 || length > bytes.length ? -1 : core.transfer(timePs, length);
    }

    @Override
    public long finish(long timePs, int queue, Chain chain) {
        int length = (int) Math.min(bytes.length, chain.readableBytes());
        if (!chain.read(0, bytes, 0, length)) {
            return -1;
        }
        if (queue == INFLATE) {
            numbers.write(0, bytes, 0, length);
            for (int at = 0; at + 4 <= length; at += 4) {
                taker.drop(numbers.u32(at) * PAGE_BYTES);
            }
        }
        return 0;
    }

    @Override
    public void restart() {
        state.u32(ACTUAL, 0);
    }

    @Override
    public void powerOn() {
        state.u32(0, initialPages);
        state.u32(ACTUAL, 0);
    }

    @Override
    public void save(StateWriter out) {
        state.save(out);
    }

    @Override
    public void load(StateReader in) {
        state.load(in);
    }
}
