package calvin.machine.virtio.queue;

import static calvin.machine.virtio.queue.QueueStruct.*;

import calvin.machine.bus.Dma;
import calvin.sim.state.Block;

/**
 * One split virtqueue, from the device's side (virtio 1.2, 2.7).
 *
 * <pre>
 * descriptors  size x { u64 pa; u32 length; u16 flags; u16 next }
 * driver area  u16 flags; u16 index; u16 head[size]; u16 usedEvent
 * device area  u16 flags; u16 index; { u32 head; u32 written }[size]; u16 availableEvent
 * </pre>
 *
 * A driver's mistake is an answer, {@link #BROKEN} or false, after which the device asks to be reset. Cost: two reads
 * of guest memory to take a chain, one per descriptor to walk it, two writes to give it back; nothing is allocated.
 */
public final class SplitQueue {
    /** No chain is available. */
    public static final int NONE = -1;
    /** The driver broke a rule, or the rings are not in memory. */
    public static final int BROKEN = -2;
    /** No MSI-X vector. */
    public static final int NO_VECTOR = 0xFFFF;

    private static final int DESCRIPTOR_BYTES = 16;
    private static final int NEXT_FLAG = 1;
    private static final int WRITE_FLAG = 2;
    private static final int INDIRECT_FLAG = 4;
    private static final int NO_INTERRUPT = 1;

    private final Block state;
    private final int at;
    private final int maxSize;
    private final Dma dma;
    private final Block scratch = new Block(DESCRIPTOR_BYTES);
    private final byte[] bytes = new byte[DESCRIPTOR_BYTES];

    /**
     * @param at      where this queue's {@link QueueStruct} begins in {@code state}
     * @param maxSize the most entries the device offers, a power of two
     */
    public SplitQueue(Block state, int at, int maxSize, Dma dma) {
        this.state = state;
        this.at = at;
        this.maxSize = maxSize;
        this.dma = dma;
    }

    /** As after a reset of the device. */
    public void reset() {
        state.zero(at, S.sizeBytes());
        SIZE.set(state, at, maxSize);
        VECTOR.set(state, at, NO_VECTOR);
    }

    // Set up by the driver.

    public int maxSize() {
        return maxSize;
    }

    public int size() {
        return SIZE.get(state, at);
    }

    public void size(int value) {
        SIZE.set(state, at, value);
    }

    public int vector() {
        return VECTOR.get(state, at);
    }

    public void vector(int value) {
        VECTOR.set(state, at, value);
    }

    public long descriptorsPa() {
        return DESCRIPTORS.get(state, at);
    }

    public void descriptorsPa(long pa) {
        DESCRIPTORS.set(state, at, pa);
    }

    public long driverAreaPa() {
        return DRIVER_AREA.get(state, at);
    }

    public void driverAreaPa(long pa) {
        DRIVER_AREA.set(state, at, pa);
    }

    public long deviceAreaPa() {
        return DEVICE_AREA.get(state, at);
    }

    public void deviceAreaPa(long pa) {
        DEVICE_AREA.set(state, at, pa);
    }

    public boolean ready() {
        return READY.get(state, at) != 0;
    }

    /** False when the size or an address is one the specification forbids (2.7, 4.2.2.2); the queue is unusable. */
    public boolean enable() {
        int size = size();
        if (size == 0 || size > maxSize || Integer.bitCount(size) != 1 || descriptorsPa() % 16 != 0
                || driverAreaPa() % 2 != 0 || deviceAreaPa() % 4 != 0) {
            return false;
        }
        READY.set(state, at, 1);
        return true;
    }

    public void disable() {
        READY.set(state, at, 0);
    }

    public boolean noticed() {
        return NOTICED.get(state, at) != 0;
    }

    public void noticed(boolean value) {
        NOTICED.set(state, at, value ? 1 : 0);
    }

    // Used by the device.

    /** The head of the next available chain, {@link #NONE} or {@link #BROKEN}. */
    public int take() {
        if (!ready()) {
            return NONE;
        }
        long index = ring(driverAreaPa() + 2);
        int next = NEXT.get(state, at);
        int size = size();
        if (index < 0 || ((int) index - next & 0xFFFF) > size) {
            return BROKEN;
        }
        if ((int) index == next) {
            return NONE;
        }
        long head = ring(driverAreaPa() + 4 + 2L * (next & size - 1));
        if (head < 0 || head >= size) {
            return BROKEN;
        }
        NEXT.set(state, at, next + 1 & 0xFFFF);
        return (int) head;
    }

    /** Gives the last {@code count} chains taken back as if they had not been taken. */
    public void untake(int count) {
        NEXT.set(state, at, NEXT.get(state, at) - count & 0xFFFF);
    }

    /** Collects the buffers of the chain that begins at {@code head}; false when it breaks a rule. */
    public boolean walk(int head, Chain into) {
        into.clear();
        long table = descriptorsPa();
        long count = size();
        int index = head;
        boolean indirect = false;
        for (int steps = 0; steps < Chain.MAX_PIECES; steps++) {
            if (index >= count || !dma.read(table + (long) index * DESCRIPTOR_BYTES, bytes, 0, DESCRIPTOR_BYTES)) {
                return false;
            }
            scratch.write(0, bytes, 0, DESCRIPTOR_BYTES);
            long pa = scratch.u64(0);
            long length = scratch.u32(8);
            int flags = scratch.u16(12);
            index = scratch.u16(14);
            if ((flags & INDIRECT_FLAG) != 0) {
                // 2.7.5.3.1: one level only, alone or last in its chain, of whole descriptors.
                if (indirect || (flags & NEXT_FLAG) != 0 || length == 0 || length % DESCRIPTOR_BYTES != 0) {
                    return false;
                }
                indirect = true;
                table = pa;
                count = length / DESCRIPTOR_BYTES;
                index = 0;
                continue;
            }
            if (!into.add(pa, length, (flags & WRITE_FLAG) != 0)) {
                return false;
            }
            if ((flags & NEXT_FLAG) == 0) {
                return true;
            }
        }
        return false;
    }

    /** Writes a used element {@code ahead} places behind those published, without showing it yet. */
    public boolean fill(int ahead, int head, long writtenBytes) {
        scratch.u32(0, head);
        scratch.u32(4, writtenBytes);
        scratch.read(0, bytes, 0, 8);
        int index = USED.get(state, at) + ahead & size() - 1;
        return dma.write(deviceAreaPa() + 4 + 8L * index, bytes, 0, 8);
    }

    /** Shows {@code count} filled elements to the driver. */
    public boolean publish(int count) {
        int used = USED.get(state, at) + count & 0xFFFF;
        USED.set(state, at, used);
        return ring(deviceAreaPa() + 2, used);
    }

    /**
     * Whether the driver wants to hear of what has been published since it was last asked (2.7.7, 2.7.10). Asking
     * counts as telling.
     */
    public boolean wantsInterrupt(boolean eventIndex) {
        if (!eventIndex) {
            return (ring(driverAreaPa()) & NO_INTERRUPT) == 0;
        }
        int used = USED.get(state, at);
        int before = SIGNALLED.get(state, at);
        SIGNALLED.set(state, at, used);
        int event = (int) ring(driverAreaPa() + 4 + 2L * size());
        return (used - event - 1 & 0xFFFF) < (used - before & 0xFFFF);
    }

    /** With event indices: asks to be notified of the next chain made available; false when the ring is not memory. */
    public boolean askNotice() {
        return ring(deviceAreaPa() + 4 + 8L * size(), NEXT.get(state, at));
    }

    /** A 16-bit word of a ring, or -1 where there is no memory. */
    private long ring(long pa) {
        return dma.read(pa, bytes, 0, 2) ? (bytes[0] & 0xFF) | (bytes[1] & 0xFF) << 8 : -1;
    }

    private boolean ring(long pa, int value) {
        bytes[0] = (byte) value;
        bytes[1] = (byte) (value >>> 8);
        return dma.write(pa, bytes, 0, 2);
    }
}
