package calvin.machine.virtio.character;

import calvin.machine.virtio.ServiceCost;
import calvin.machine.virtio.VirtioCore;
import calvin.machine.virtio.VirtioDevice;
import calvin.machine.virtio.queue.Chain;
import calvin.sim.seed.Seed;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.time.SimTime;

/**
 * An entropy source (virtio 1.2, 5.4) whose bytes come from the experiment's seed: the same run reads the same bytes.
 * They are statistically good and not secret. A driver's reset does not rewind them. At most {@link #MAX_BYTES} are
 * given per request.
 */
public final class VirtioRng implements VirtioDevice {
    /** 1 us to fetch a request, 4 us to serve it, 100 MB/s. */
    public static final ServiceCost DEFAULT_COST = new ServiceCost(SimTime.PS_PER_US, 4 * SimTime.PS_PER_US, 10_000);
    public static final int MAX_BYTES = 4096;

    private final Seed seed;
    private final ServiceCost cost;
    /** The number of the next draw. */
    private final Block state = new Block(8);
    private final byte[] bytes = new byte[MAX_BYTES];
    private VirtioCore core;

    /** @param seed of this device alone */
    public VirtioRng(Seed seed, ServiceCost cost) {
        this.seed = seed;
        this.cost = cost;
    }

    @Override
    public int id() {
        return 4;
    }

    @Override
    public int pciClass() {
        // Of no class: as QEMU's.
        return 0xFF_00_00;
    }

    @Override
    public long features() {
        return 0;
    }

    @Override
    public int[] queueSizes() {
        return new int[]{8};
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
        return 0;
    }

    @Override
    public int config(int offset) {
        return 0;
    }

    private static int length(Chain chain) {
        return (int) Math.min(MAX_BYTES, chain.writableBytes());
    }

    @Override
    public long start(long timePs, int queue, Chain chain) {
        // 5.4.6.1: buffers are writable and not empty.
        return chain.readableBytes() > 0 || chain.writableBytes() == 0 ? -1 : core.transfer(timePs, length(chain));
    }

    @Override
    public long finish(long timePs, int queue, Chain chain) {
        int length = length(chain);
        long ordinal = state.u64(0);
        long draw = 0;
        for (int i = 0; i < length; i++) {
            if (i % 8 == 0) {
                draw = seed.draw(ordinal++);
            }
            bytes[i] = (byte) (draw >>> 8 * (i % 8));
        }
        state.u64(0, ordinal);
        return length > 0 && chain.write(0, bytes, 0, length) ? length : -1;
    }

    @Override
    public void restart() {}

    @Override
    public void powerOn() {
        state.zero(0, 8);
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
