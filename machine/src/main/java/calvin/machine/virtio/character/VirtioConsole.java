package calvin.machine.virtio.character;

import static calvin.machine.virtio.character.ConsoleStruct.*;

import calvin.machine.dev.ConsoleSink;
import calvin.machine.virtio.ServiceCost;
import calvin.machine.virtio.VirtioCore;
import calvin.machine.virtio.VirtioDevice;
import calvin.machine.virtio.queue.Chain;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.time.SimTime;
import java.util.Arrays;

/**
 * A console with one port (virtio 1.2, 5.3): queue 0 takes what is typed, queue 1 what is printed.
 *
 * <p>What is printed reaches the sink when its request is done. What is typed comes by events; it waits where the
 * driver has supplied no buffers, and what does not fit there is offered again every {@link #RETRY_PS}. Left out:
 * several ports, changes of size, emergency writes.
 */
public final class VirtioConsole implements VirtioDevice {
    /** 1 us to notice a request, 1 us to serve it, 100 MB/s. */
    public static final ServiceCost DEFAULT_COST = new ServiceCost(SimTime.PS_PER_US, SimTime.PS_PER_US, 10_000);
    static final long RETRY_PS = 100 * SimTime.PS_PER_US;
    private static final long SIZE = 1;
    private static final int COLUMNS = 80;
    private static final int ROWS = 25;
    private static final int RX = 0;
    /** Of one request; a longer one asks for a reset. */
    private static final int MAX_BYTES = 1 << 16;

    private final ConsoleSink sink;
    private final ServiceCost cost;
    private final Block state = new Block(S.sizeBytes());
    private final byte[] bytes = new byte[MAX_BYTES];
    private final int[] heads = new int[1];
    private VirtioCore core;

    public VirtioConsole(ConsoleSink sink, ServiceCost cost) {
        this.sink = sink;
        this.cost = cost;
    }

    /** Types bytes at {@code timePs}, which must not lie before the lane's time. A driver's reset forgets them. */
    public void type(long timePs, byte[] typed) {
        core.post(timePs, 0, 0, 0, typed.clone());
    }

    @Override
    public int id() {
        return 3;
    }

    @Override
    public int pciClass() {
        return 0x07_80_00;
    }

    @Override
    public long features() {
        return SIZE;
    }

    @Override
    public int[] queueSizes() {
        return new int[]{64, 64};
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
        return 4;
    }

    @Override
    public int config(int offset) {
        return offset == 0 ? COLUMNS : offset == 2 ? ROWS : 0;
    }

    @Override
    public boolean supplies(int queue) {
        return queue == RX;
    }

    @Override
    public long start(long timePs, int queue, Chain chain) {
        return chain.readableBytes() > MAX_BYTES ? -1 : core.transfer(timePs, chain.readableBytes());
    }

    @Override
    public long finish(long timePs, int queue, Chain chain) {
        int length = (int) Math.min(MAX_BYTES, chain.readableBytes());
        if (!chain.read(0, bytes, 0, length)) {
            return -1;
        }
        for (int i = 0; i < length; i++) {
            sink.write(timePs, bytes[i] & 0xFF);
        }
        return 0;
    }

    @Override
    public void onEvent(long timePs, int kind, long a, long b, byte[] payload) {
        int count = (int) COUNT.get(state, 0);
        int accepted = Math.min(payload.length, WAITING_BYTES - count);
        state.write(WAITING.offset() + count, payload, 0, accepted);
        COUNT.set(state, 0, count + accepted);
        if (accepted < payload.length) {
            core.post(timePs + RETRY_PS, 0, 0, 0, Arrays.copyOfRange(payload, accepted, payload.length));
        }
        supplied(timePs, RX);
    }

    @Override
    public void supplied(long timePs, int queue) {
        int count = (int) COUNT.get(state, 0);
        while (count > 0) {
            Chain chain = core.take(RX, heads);
            if (chain == null) {
                return;
            }
            int part = (int) Math.min(count, chain.writableBytes());
            state.read(WAITING.offset(), bytes, 0, count);
            if (!chain.write(0, bytes, 0, part)) {
                core.fail();
                return;
            }
            count -= part;
            state.write(WAITING.offset(), bytes, part, count);
            state.zero(WAITING.offset() + count, WAITING_BYTES - count);
            COUNT.set(state, 0, count);
            core.give(RX, heads[0], part);
        }
    }

    @Override
    public void restart() {
        state.zero(0, S.sizeBytes());
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
