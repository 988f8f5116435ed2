package calvin.machine.virtio.share;

import calvin.machine.virtio.ServiceCost;
import calvin.machine.virtio.VirtioCore;
import calvin.machine.virtio.VirtioDevice;
import calvin.machine.virtio.queue.Chain;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.time.SimTime;

/**
 * A folder shared over 9P: device 9, a request queue of 9P messages and a mount tag as configuration (QEMU,
 * virtio-9p-device; Linux, net/9p/trans_virtio.c). The guest mounts it with {@code mount -t 9p -o
 * trans=virtio,version=9p2000.L TAG WHERE}.
 */
public final class VirtioShare implements VirtioDevice {
    /** 1 us to notice a request, 10 us to serve it, 1 GB/s. */
    public static final ServiceCost DEFAULT_COST = new ServiceCost(SimTime.PS_PER_US, 10 * SimTime.PS_PER_US, 1000);
    public static final int MAX_TAG_BYTES = 31;
    private static final long MOUNT_TAG = 1;

    private final byte[] tag;
    private final Server server;
    private final ServiceCost cost;
    private final Message in = new Message(Server.MAX_MESSAGE);
    private final Message out = new Message(Server.MAX_MESSAGE);
    private VirtioCore core;

    /** @param tag by which the guest names the share, 1 to 31 bytes */
    public VirtioShare(String tag, SharedTree tree, ServiceCost cost) {
        this.tag = Message.utf8(tag);
        this.server = new Server(tree);
        this.cost = cost;
    }

    @Override
    public int id() {
        return 9;
    }

    @Override
    public int pciClass() {
        return 0x00_02_00;
    }

    @Override
    public long features() {
        return MOUNT_TAG;
    }

    @Override
    public int[] queueSizes() {
        return new int[]{128};
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
        return 2 + tag.length;
    }

    @Override
    public int config(int offset) {
        return offset == 0 ? tag.length : offset == 1 ? 0 : tag[offset - 2] & 0xFF;
    }

    @Override
    public long start(long timePs, int queue, Chain chain) {
        long bytes = chain.readableBytes() + Math.min(Server.MAX_MESSAGE, chain.writableBytes());
        return chain.readableBytes() > Server.MAX_MESSAGE ? -1 : core.transfer(timePs, bytes);
    }

    @Override
    public long finish(long timePs, int queue, Chain chain) {
        int length = (int) Math.min(Server.MAX_MESSAGE, chain.readableBytes());
        if (!chain.read(0, in.bytes(), 0, length)) {
            return -1;
        }
        in.begin(length);
        out.begin((int) Math.min(Server.MAX_MESSAGE, chain.writableBytes()));
        int answer = server.answer(in, out);
        return answer > 0 && chain.write(0, out.bytes(), 0, answer) ? answer : -1;
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void save(StateWriter writer) {
        server.save(writer);
    }

    @Override
    public void load(StateReader reader) {
        server.load(reader);
    }
}
