package calvin.machine.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.sim.event.Lane;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A driver of split queues in Java, written from virtio 1.2's chapters 2.7 and 3 as a guest would be: it sees the
 * device through registers and {@link GuestRam} only.
 */
public final class TestDriver {
    public static final int SIZE = 8;
    private static final long QUEUE_BYTES = 0x1000;
    private static final long BUFFERS = GuestRam.BASE + 0x4_0000;
    private static final int BUFFER_BYTES = 0x4000;

    /** The registers of a transport. */
    public interface Registers {
        int id();

        long features();

        void accept(long features);

        int status();

        void status(int value);

        int maxSize(int queue);

        /** Tells the queue's areas and enables it. */
        void queue(int queue, int size, long descriptors, long driverArea, long deviceArea);

        void notify(long timePs, int queue);

        long config(int offset, int width);

        /** Whether an interrupt has been signalled since asked last, which acknowledges it. */
        boolean interrupted();
    }

    /** What the device did with a chain. */
    public record Used(int head, int written, byte[] bytes) {}

    public final Lane lane;
    public final GuestRam ram;
    public final Registers registers;
    private final int[] available = new int[16];
    private final int[] used = new int[16];
    private final int[] freeHead = new int[16];
    private final long[][] writableAt = new long[16][SIZE];
    private final int[][] writableBytes = new int[16][SIZE];
    private long nowPs;

    public TestDriver(Lane lane, GuestRam ram, Registers registers) {
        this.lane = lane;
        this.ram = ram;
        this.registers = registers;
    }

    public static long descriptors(int queue) {
        return GuestRam.BASE + queue * QUEUE_BYTES;
    }

    public static long driverArea(int queue) {
        return descriptors(queue) + 0x400;
    }

    public static long deviceArea(int queue) {
        return descriptors(queue) + 0x800;
    }

    /** virtio 3.1.1: from reset to DRIVER_OK with these features and VERSION_1. */
    public TestDriver start(long features, int queues) {
        registers.status(0);
        assertEquals(0, registers.status());
        registers.status(1);
        registers.status(1 | 2);
        long offered = registers.features();
        assertEquals(features, features & offered, "features are not offered");
        registers.accept(features | VirtioCore.VERSION_1);
        registers.status(1 | 2 | 8);
        assertTrue((registers.status() & 8) != 0, "FEATURES_OK did not stay");
        for (int queue = 0; queue < queues; queue++) {
            available[queue] = 0;
            used[queue] = 0;
            freeHead[queue] = 0;
            for (int i = 0; i < QUEUE_BYTES; i++) {
                ram.bytes[(int) (descriptors(queue) - GuestRam.BASE) + i] = 0;
            }
            assertTrue(registers.maxSize(queue) >= SIZE);
            registers.queue(queue, SIZE, descriptors(queue), driverArea(queue), deviceArea(queue));
        }
        registers.status(1 | 2 | 8 | 4);
        assertEquals(1 | 2 | 8 | 4, registers.status());
        return this;
    }

    /** Where the buffer of a descriptor lies. */
    public static long buffer(int queue, int descriptor) {
        return BUFFERS + (long) (queue * SIZE + descriptor) * BUFFER_BYTES;
    }

    public void descriptor(int queue, int index, long pa, int length, int flags, int next) {
        long at = descriptors(queue) + 16L * index;
        ram.put(at, 8, pa);
        ram.put(at + 8, 4, length);
        ram.put(at + 12, 2, flags);
        ram.put(at + 14, 2, next);
    }

    public void makeAvailable(int queue, int head) {
        ram.put(driverArea(queue) + 4 + 2L * (available[queue] % SIZE), 2, head);
        available[queue] = available[queue] + 1 & 0xFFFF;
        ram.put(driverArea(queue) + 2, 2, available[queue]);
    }

    /** Makes a chain of a readable piece and a writable piece available; either may be missing. Returns its head. */
    public int add(int queue, byte[] readable, int writable) {
        int first = freeHead[queue];
        int at = first;
        freeHead[queue] = (first + 2) % SIZE;
        if (readable.length > 0) {
            System.arraycopy(readable, 0, ram.bytes, (int) (buffer(queue, at) - GuestRam.BASE), readable.length);
            descriptor(queue, at, buffer(queue, at), readable.length, writable > 0 ? 1 : 0, at + 1);
            at++;
        }
        if (writable > 0) {
            descriptor(queue, at, buffer(queue, at), writable, 2, 0);
        }
        writableAt[queue][first] = buffer(queue, at);
        writableBytes[queue][first] = writable;
        makeAvailable(queue, first);
        return first;
    }

    public void kick(int queue) {
        registers.notify(nowPs, queue);
    }

    /** Lets this much virtual time pass. */
    public void pass(long durationPs) {
        nowPs += durationPs;
        lane.runUntil(nowPs);
    }

    public long nowPs() {
        return nowPs;
    }

    /** Chains given back since asked last. */
    public List<Used> reap(int queue) {
        List<Used> all = new ArrayList<>();
        int index = (int) ram.get(deviceArea(queue) + 2, 2);
        while (used[queue] != index) {
            long at = deviceArea(queue) + 4 + 8L * (used[queue] % SIZE);
            int head = (int) ram.get(at, 4);
            int written = (int) ram.get(at + 4, 4);
            int length = Math.min(writableBytes[queue][head], written);
            int from = length == 0 ? 0 : (int) (writableAt[queue][head] - GuestRam.BASE);
            all.add(new Used(head, written, Arrays.copyOfRange(ram.bytes, from, from + length)));
            used[queue] = used[queue] + 1 & 0xFFFF;
        }
        return all;
    }

    /** Makes one request and waits until it is done. */
    public Used request(int queue, byte[] readable, int writable) {
        add(queue, readable, writable);
        kick(queue);
        pass(10 * SimTime.PS_PER_MS);
        List<Used> done = reap(queue);
        assertEquals(1, done.size(), "the request is not done");
        return done.getFirst();
    }
}
