package calvin.machine.virtio;

import static calvin.machine.virtio.CoreStruct.*;

import calvin.machine.bus.Dma;
import calvin.machine.virtio.queue.Chain;
import calvin.machine.virtio.queue.QueueStruct;
import calvin.machine.virtio.queue.SplitQueue;
import calvin.sim.check.Check;
import calvin.sim.event.EventQueue;
import calvin.sim.event.EventTarget;
import calvin.sim.event.Lane;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * The part of a virtio device between its kind and its transport: features, status, queues, and when things happen.
 *
 * <pre>
 * notify ── noticePs ──> look at the queue: start every chain ── start's answer ──> finish: give back, interrupt
 * </pre>
 *
 * Nothing is done inside the driver's register access. A chain is walked when it is started and again when it is
 * finished; between the two it is an event in the lane, so it is part of snapshots. What a driver does wrong sets
 * DEVICE_NEEDS_RESET and stops the queues until it resets (virtio 1.2, 2.1.1). Offered always: VERSION_1, indirect
 * descriptors, event indices; ACCESS_PLATFORM where DMA is translated. Left out: packed rings, queue reset,
 * notification data.
 */
public final class VirtioCore implements EventTarget {
    public static final int ACKNOWLEDGE = 1;
    public static final int DRIVER_OK = 4;
    public static final int FEATURES_OK = 8;
    public static final int NEEDS_RESET = 64;
    /** Bits of {@link #interrupts}. */
    public static final int USED_INTERRUPT = 1;
    public static final int CONFIG_INTERRUPT = 2;

    public static final long INDIRECT_DESCRIPTORS = 1L << 28;
    public static final long EVENT_INDEX = 1L << 29;
    public static final long VERSION_1 = 1L << 32;
    public static final long ACCESS_PLATFORM = 1L << 33;

    private static final int STATUS_BITS = 0xCF;
    /** Sources of events: the device's number in the lane is added. */
    private static final int SOURCE = 0x5000_0000;
    private static final int LOOK = 0;
    private static final int FINISH = 1;
    /** Kinds of the device's own events are above. */
    private static final int OWN = 2;

    private final VirtioDevice device;
    private final VirtioTransport transport;
    private final EventQueue events;
    private final int target;
    private final long offered;
    private final ServiceCost cost;
    private final Block state;
    private final SplitQueue[] queues;
    private final Chain chain;

    /**
     * @param translated whether {@code dma} translates the driver's addresses (an IOMMU), which the driver must know
     */
    public VirtioCore(VirtioDevice device, VirtioTransport transport, Lane lane, Dma dma, boolean translated) {
        this.device = device;
        this.transport = transport;
        events = lane.queue();
        target = lane.addTarget(this);
        offered = device.features() | VERSION_1 | INDIRECT_DESCRIPTORS | EVENT_INDEX
                | (translated ? ACCESS_PLATFORM : 0);
        cost = device.cost();
        int[] sizes = device.queueSizes();
        state = new Block(S.sizeBytes() + sizes.length * QueueStruct.S.sizeBytes());
        chain = new Chain(dma);
        queues = new SplitQueue[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            Check.that(Integer.bitCount(sizes[i]) == 1 && sizes[i] <= 1024, "queue size", sizes[i]);
            queues[i] = new SplitQueue(state, S.sizeBytes() + i * QueueStruct.S.sizeBytes(), sizes[i], dma);
        }
        device.connect(this);
        clear();
    }

    private void clear() {
        events.cancelAll(EventQueue.RANK_DEVICE, source());
        state.zero(0, state.sizeBytes());
        CONFIG_VECTOR.set(state, 0, SplitQueue.NO_VECTOR);
        for (SplitQueue queue : queues) {
            queue.reset();
        }
    }

    private int source() {
        return SOURCE + target;
    }

    /** What the driver does by writing 0 to the status, and power-on. The transport lowers its interrupt. */
    public void reset() {
        clear();
        device.restart();
    }

    public void powerOn() {
        reset();
        device.powerOn();
    }

    // The transport's side: registers.

    public VirtioDevice device() {
        return device;
    }

    public long deviceFeatures() {
        long select = DEVICE_SELECT.get(state, 0);
        return select == 0 ? offered & 0xFFFF_FFFFL : select == 1 ? offered >>> 32 : 0;
    }

    public long deviceSelect() {
        return DEVICE_SELECT.get(state, 0);
    }

    public void deviceSelect(long value) {
        DEVICE_SELECT.set(state, 0, value);
    }

    public long driverSelect() {
        return DRIVER_SELECT.get(state, 0);
    }

    public void driverSelect(long value) {
        DRIVER_SELECT.set(state, 0, value);
    }

    public long driverFeatures() {
        long select = DRIVER_SELECT.get(state, 0);
        long features = DRIVER_FEATURES.get(state, 0);
        return select == 0 ? features & 0xFFFF_FFFFL : select == 1 ? features >>> 32 : 0;
    }

    public void driverFeatures(long value) {
        long select = DRIVER_SELECT.get(state, 0);
        // 3.1.1: what was agreed stays when FEATURES_OK has been set.
        if (select > 1 || (status() & FEATURES_OK) != 0) {
            return;
        }
        long features = DRIVER_FEATURES.get(state, 0);
        long low = value & 0xFFFF_FFFFL;
        DRIVER_FEATURES.set(state, 0, select == 0
                ? features & ~0xFFFF_FFFFL | low
                : features & 0xFFFF_FFFFL | low << 32);
    }

    public int status() {
        return STATUS.get(state, 0);
    }

    /** Writing 0 resets; other values add bits, none is taken back (2.1.1). */
    public void status(int value) {
        if ((value & 0xFF) == 0) {
            reset();
            return;
        }
        int now = status() | value & STATUS_BITS & ~NEEDS_RESET;
        long accepted = DRIVER_FEATURES.get(state, 0);
        if ((accepted & ~offered) != 0 || (accepted & VERSION_1) == 0) {
            now &= ~FEATURES_OK;
        }
        if ((now & FEATURES_OK) == 0) {
            now &= ~DRIVER_OK;
        }
        STATUS.set(state, 0, now);
    }

    public int generation() {
        return (int) GENERATION.get(state, 0);
    }

    public int interrupts() {
        return INTERRUPTS.get(state, 0);
    }

    public void interrupts(int value) {
        INTERRUPTS.set(state, 0, value);
    }

    public int configVector() {
        return CONFIG_VECTOR.get(state, 0);
    }

    public void configVector(int value) {
        CONFIG_VECTOR.set(state, 0, value);
    }

    public int queueCount() {
        return queues.length;
    }

    public long queueSelect() {
        return QUEUE_SELECT.get(state, 0);
    }

    public void queueSelect(long value) {
        QUEUE_SELECT.set(state, 0, value);
    }

    /** The queue whose registers are meant, or null when the driver selected one that does not exist. */
    public SplitQueue selected() {
        long select = queueSelect();
        return select < queues.length ? queues[(int) select] : null;
    }

    public SplitQueue queue(int number) {
        return queues[number];
    }

    /** The driver declares the selected queue usable. */
    public void enableSelected() {
        SplitQueue queue = selected();
        if (queue != null && !queue.ready() && !queue.enable()) {
            fail();
        }
    }

    /** The driver says that it has added to a queue. */
    public void notify(long timePs, long number) {
        if (number < 0 || number >= queues.length || !live()) {
            return;
        }
        SplitQueue queue = queues[(int) number];
        if (queue.ready() && !queue.noticed()) {
            queue.noticed(true);
            push(timePs + cost.noticePs(), LOOK, number, 0, null);
        }
    }

    /** Little-endian, zero beyond the end. */
    public long config(int offset, int widthBytes) {
        long value = 0;
        for (int i = 0; i < widthBytes && offset + i < device.configBytes(); i++) {
            value |= (device.config(offset + i) & 0xFFL) << 8 * i;
        }
        return value;
    }

    public void config(int offset, int widthBytes, long value) {
        for (int i = 0; i < widthBytes && offset + i < device.configBytes(); i++) {
            device.config(offset + i, (int) (value >>> 8 * i) & 0xFF);
        }
    }

    // The device's side.

    /** Whether the driver is ready and the device has not failed: queues may be used. */
    public boolean live() {
        return (status() & (DRIVER_OK | NEEDS_RESET)) == DRIVER_OK;
    }

    /** Whether this feature was agreed. */
    public boolean agreed(long feature) {
        return (DRIVER_FEATURES.get(state, 0) & feature) != 0;
    }

    /** The driver broke a rule: nothing more happens until it resets the device. */
    public void fail() {
        boolean tell = live();
        STATUS.set(state, 0, status() | NEEDS_RESET);
        if (tell) {
            transport.configInterrupt();
        }
    }

    /** Tells the driver that configuration space has changed. */
    public void configChanged() {
        GENERATION.set(state, 0, GENERATION.get(state, 0) + 1 & 0xFFFF_FFFFL);
        if (live()) {
            transport.configInterrupt();
        }
    }

    /** Occupies the device's channel with a request of so many bytes and returns when it is done. */
    public long transfer(long timePs, long bytes) {
        long end = Math.max(timePs, FREE_PS.get(state, 0)) + bytes * cost.psPerByte();
        FREE_PS.set(state, 0, end);
        return end + cost.latencyPs();
    }

    /** Has {@link VirtioDevice#onEvent} called at {@code timePs}, unless the device is reset before. */
    public void post(long timePs, int kind, long a, long b, byte[] payload) {
        push(timePs, OWN + kind, a, b, payload);
    }

    private void push(long timePs, int kind, long a, long b, byte[] payload) {
        long sequence = POSTED.get(state, 0);
        POSTED.set(state, 0, sequence + 1);
        events.push(timePs, EventQueue.RANK_DEVICE, source(), sequence, target, kind, a, b, payload);
    }

    /**
     * Takes the next chain of a supply queue and walks it; null when there is none or the driver broke a rule.
     *
     * @return the chain; its head is {@code heads[0]}
     */
    public Chain take(int number, int[] heads) {
        if (!live()) {
            return null;
        }
        int head = queues[number].take();
        if (head == SplitQueue.NONE) {
            return null;
        }
        if (head == SplitQueue.BROKEN || !queues[number].walk(head, chain)) {
            fail();
            return null;
        }
        heads[0] = head;
        return chain;
    }

    /** The chain at a head that was taken and walked before; empty when the driver has changed it since. */
    public Chain walk(SplitQueue queue, int head) {
        queue.walk(head, chain);
        return chain;
    }

    /** Gives a chain back and interrupts the driver when it wants to know. */
    public void give(int number, int head, long writtenBytes) {
        if (queues[number].fill(0, head, writtenBytes)) {
            publish(number, 1);
        } else {
            fail();
        }
    }

    /**
     * Shows chains that were {@linkplain SplitQueue#fill filled} in and interrupts the driver when it wants to know.
     */
    public void publish(int number, int count) {
        if (!queues[number].publish(count)) {
            fail();
        } else if (queues[number].wantsInterrupt(agreed(EVENT_INDEX))) {
            transport.queueInterrupt(number);
        }
    }

    @Override
    public void onEvent(long timePs, int kind, long a, long b, byte[] payload) {
        if (kind >= OWN) {
            device.onEvent(timePs, kind - OWN, a, b, payload);
        } else if (kind == LOOK) {
            look(timePs, (int) a);
        } else {
            finish(timePs, (int) a, (int) b);
        }
    }

    private void look(long timePs, int number) {
        SplitQueue queue = queues[number];
        queue.noticed(false);
        if (!live() || !queue.ready()) {
            return;
        }
        if (device.supplies(number)) {
            device.supplied(timePs, number);
        } else if (!startAll(timePs, number)) {
            return;
        }
        if (live() && agreed(EVENT_INDEX) && !queue.askNotice()) {
            fail();
        }
    }

    private boolean startAll(long timePs, int number) {
        SplitQueue queue = queues[number];
        // A driver that adds while the device looks cannot be: the lane does one thing at a time.
        for (int count = 0; count < queue.size() && live(); count++) {
            int head = queue.take();
            if (head == SplitQueue.NONE) {
                return true;
            }
            boolean sound = head != SplitQueue.BROKEN && queue.walk(head, chain);
            long donePs = sound ? device.start(timePs, number, chain) : -1;
            if (donePs < timePs) {
                fail();
                return false;
            }
            push(donePs, FINISH, number, head, null);
        }
        return live();
    }

    private void finish(long timePs, int number, int head) {
        SplitQueue queue = queues[number];
        if (!live() || !queue.ready()) {
            return;
        }
        long written = queue.walk(head, chain) ? device.finish(timePs, number, chain) : -1;
        if (written < 0) {
            fail();
        } else {
            give(number, head, written);
        }
    }

    public void save(StateWriter out) {
        state.save(out);
        device.save(out);
    }

    public void load(StateReader in) {
        state.load(in);
        device.load(in);
    }
}
