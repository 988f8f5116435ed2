package calvin.machine.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.IrqLine;
import calvin.machine.virtio.character.VirtioRng;
import calvin.machine.virtio.mmio.VirtioMmio;
import calvin.sim.event.Lane;
import calvin.sim.seed.Seed;
import calvin.sim.state.StateHash;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Split queues and status, by an entropy source, the simplest device there is; and drivers that break every rule. */
class QueueTest {
    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int INDIRECT = 4;
    private static final long MS = SimTime.PS_PER_MS;

    private final Lane lane = new Lane("node0");
    private final GuestRam ram = new GuestRam(1 << 21);
    private final List<Boolean> wire = new ArrayList<>();
    private final VirtioMmio device = new VirtioMmio("node0/virtio0", lane, ram, false, wire::add,
            new VirtioRng(new Seed(1), VirtioRng.DEFAULT_COST));
    private final MmioRegisters registers = new MmioRegisters(device);
    private final TestDriver driver = new TestDriver(lane, ram, registers);

    private static byte[] expected(int from, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (new Seed(1).draw((from + i) / 8) >>> 8 * ((from + i) % 8));
        }
        return bytes;
    }

    @Test
    void bytesComeFromTheSeedInOrder() {
        driver.start(0, 1);
        assertArrayEquals(expected(0, 64), driver.request(0, new byte[0], 64).bytes());
        assertArrayEquals(expected(64, 16), driver.request(0, new byte[0], 16).bytes());
        driver.start(0, 1);
        assertArrayEquals(expected(80, 8), driver.request(0, new byte[0], 8).bytes(), "a driver's reset rewinds");
    }

    @Test
    void indicesWrapAroundManyTimes() {
        driver.start(VirtioCore.EVENT_INDEX, 1);
        for (int i = 0; i < 70_000; i++) {
            driver.add(0, new byte[0], 8);
            driver.kick(0);
            driver.pass(6 * SimTime.PS_PER_US);
            assertEquals(1, driver.reap(0).size());
        }
    }

    @Test
    void anIndirectTableHoldsTheChain() {
        driver.start(VirtioCore.INDIRECT_DESCRIPTORS, 1);
        long table = TestDriver.buffer(0, 0);
        long data = TestDriver.buffer(0, 1);
        for (int i = 0; i < 20; i++) {
            ram.put(table + 16 * i, 8, data + 4 * i);
            ram.put(table + 16 * i + 8, 4, 4);
            ram.put(table + 16 * i + 12, 2, WRITE | (i < 19 ? NEXT : 0));
            ram.put(table + 16 * i + 14, 2, i + 1);
        }
        driver.descriptor(0, 0, table, 320, INDIRECT, 0);
        driver.makeAvailable(0, 0);
        driver.kick(0);
        driver.pass(MS);
        assertEquals(80, driver.reap(0).getFirst().written());
        for (int i = 0; i < 80; i++) {
            assertEquals(expected(0, 80)[i], (byte) ram.get(data + i, 1));
        }
    }

    @Test
    void theDriverIsInterruptedWhenItWantsToBe() {
        driver.start(0, 1);
        driver.request(0, new byte[0], 8);
        assertTrue(wire.getLast());
        assertTrue(registers.interrupted());
        assertFalse(wire.getLast());
        ram.put(TestDriver.driverArea(0), 2, 1);
        driver.request(0, new byte[0], 8);
        assertFalse(registers.interrupted(), "NO_INTERRUPT");

        driver.start(VirtioCore.EVENT_INDEX, 1);
        ram.put(TestDriver.driverArea(0) + 4 + 2 * TestDriver.SIZE, 2, 2);
        driver.request(0, new byte[0], 8);
        driver.request(0, new byte[0], 8);
        assertFalse(registers.interrupted(), "used_event is not reached");
        driver.request(0, new byte[0], 8);
        assertTrue(registers.interrupted());
        assertEquals(3, ram.get(TestDriver.deviceArea(0) + 4 + 8 * TestDriver.SIZE, 2), "avail_event");
    }

    @Test
    void featuresOkStaysOnlyWithFeaturesThatWereOffered() {
        registers.status(0);
        registers.status(3);
        registers.accept(VirtioCore.VERSION_1 | 1L << 40);
        registers.status(11);
        assertEquals(3, registers.status());
        registers.accept(0);
        registers.status(11);
        assertEquals(3, registers.status(), "VERSION_1 is a must");
        registers.accept(VirtioCore.VERSION_1);
        registers.status(11);
        registers.accept(VirtioCore.VERSION_1 | 1L << 40);
        registers.status(15);
        assertEquals(15, registers.status());
        registers.status(1);
        assertEquals(15, registers.status(), "bits are not taken back");
    }

    @Test
    void nothingHappensBeforeDriverOk() {
        registers.notify(0, 0);
        registers.notify(0, 99);
        registers.queue(0, 8, TestDriver.descriptors(0), TestDriver.driverArea(0), TestDriver.deviceArea(0));
        registers.notify(0, 0);
        assertEquals(0, lane.queue().size());
    }

    private void breaks(String rule, Runnable crime) {
        driver.start(VirtioCore.INDIRECT_DESCRIPTORS, 1);
        crime.run();
        driver.kick(0);
        driver.pass(MS);
        assertEquals(15 | VirtioCore.NEEDS_RESET, registers.status(), rule);
        assertEquals(2, registers.load(0x060) & 2, "configuration interrupt");
        driver.kick(0);
        driver.pass(MS);
        assertEquals(0, driver.reap(0).size());
        driver.start(0, 1);
        assertEquals(8, driver.request(0, new byte[0], 8).written(), "works again after: " + rule);
    }

    private void chain(int length, int flags, int next) {
        driver.descriptor(0, 0, TestDriver.buffer(0, 0), length, flags, next);
        driver.makeAvailable(0, 0);
    }

    @Test
    void whatADriverDoesWrongAsksForAResetAndNothingElse() {
        breaks("index too far ahead", () -> ram.put(TestDriver.driverArea(0) + 2, 2, 9));
        breaks("head beyond the table", () -> driver.makeAvailable(0, 8));
        breaks("loop", () -> chain(4, NEXT | WRITE, 0));
        breaks("next beyond the table", () -> chain(4, NEXT | WRITE, 8));
        breaks("a buffer that is not memory", () -> {
            driver.descriptor(0, 0, 0x1234, 8, WRITE, 0);
            driver.makeAvailable(0, 0);
        });
        breaks("a buffer that wraps around", () -> {
            driver.descriptor(0, 0, -4, 64, WRITE, 0);
            driver.makeAvailable(0, 0);
        });
        breaks("readable behind writable", () -> {
            driver.descriptor(0, 1, TestDriver.buffer(0, 1), 4, 0, 0);
            chain(4, NEXT | WRITE, 1);
        });
        breaks("an empty request", () -> chain(0, WRITE, 0));
        breaks("an indirect table that is chained", () -> chain(16, INDIRECT | NEXT, 1));
        breaks("an indirect table of half a descriptor", () -> chain(24, INDIRECT, 0));
        breaks("an indirect table in an indirect table", () -> {
            ram.put(TestDriver.buffer(0, 0), 8, TestDriver.buffer(0, 0));
            ram.put(TestDriver.buffer(0, 0) + 8, 4, 16);
            ram.put(TestDriver.buffer(0, 0) + 12, 2, INDIRECT);
            chain(16, INDIRECT, 0);
        });
    }

    @Test
    void aQueueThatCannotBeIsRefused() {
        long[][] bad = {{0, 0, 0, 0}, {3, 0, 0, 0}, {0x4000, 0, 0, 0}, {8, 8, 0, 0}, {8, 0, 1, 0}, {8, 0, 0, 2}};
        for (long[] queue : bad) {
            registers.status(0);
            registers.queue(0, (int) queue[0], GuestRam.BASE + queue[1], GuestRam.BASE + queue[2],
                    GuestRam.BASE + queue[3]);
            assertEquals(VirtioCore.NEEDS_RESET, registers.status());
            assertEquals(0, registers.load(0x044));
        }
    }

    @Test
    void ringsOutsideMemoryAskForAReset() {
        driver.start(0, 1);
        registers.status(0);
        registers.status(3);
        registers.accept(VirtioCore.VERSION_1);
        registers.status(11);
        registers.queue(0, 8, -16, -16, -16);
        registers.status(15);
        driver.kick(0);
        driver.pass(MS);
        assertEquals(15 | VirtioCore.NEEDS_RESET, registers.status());
    }

    /** Random bytes in the rings, random registers: no exception, and a reset puts everything right. */
    @Test
    void noDriverMakesTheDeviceThrow() {
        Seed seed = new Seed(77);
        for (int round = 0; round < 400; round++) {
            driver.start(round % 2 == 0 ? VirtioCore.EVENT_INDEX | VirtioCore.INDIRECT_DESCRIPTORS : 0, 1);
            Seed child = seed.child(round);
            for (int i = 0; i < 0x900; i++) {
                long draw = child.draw(i);
                if (draw % 3 == 0) {
                    ram.bytes[i] = (byte) (draw >>> 8);
                }
            }
            ram.put(TestDriver.driverArea(0) + 2, 2, child.drawBelow(1 << 20, 9));
            for (int i = 0; i < 20; i++) {
                registers.store((int) child.drawBelow(10_000 + i, 0x40) * 4, child.draw(20_000 + i) & 0xFFFF_FFFFL);
                driver.kick(0);
                driver.pass(SimTime.PS_PER_US);
            }
        }
        driver.start(0, 1);
        assertEquals(8, driver.request(0, new byte[0], 8).written());
    }

    @Test
    void resetIsAsBuilt() {
        String built = StateHash.of(device);
        driver.start(0, 1);
        driver.request(0, new byte[0], 8);
        assertNotEquals(built, StateHash.of(device));
        device.reset();
        assertEquals(built, StateHash.of(device));
        assertFalse(wire.getLast());
    }

    @Test
    void registersReadAsTheStandardSays() {
        VirtioMmio other = new VirtioMmio("node0/virtio1", lane, ram, true, IrqLine.NONE,
                new VirtioRng(new Seed(2), VirtioRng.DEFAULT_COST));
        MmioRegisters plain = new MmioRegisters(other);
        assertEquals(0x7472_6976L, plain.load(0x000));
        assertEquals(2, plain.load(0x004));
        assertEquals(4, plain.load(0x008));
        assertEquals(0, plain.maxSize(1), "no such queue");
        assertEquals(0xFFFF_FFFFL, plain.load(0x0B0));
        assertEquals(VirtioCore.VERSION_1 | VirtioCore.ACCESS_PLATFORM | VirtioCore.EVENT_INDEX
                | VirtioCore.INDIRECT_DESCRIPTORS, plain.features());
    }
}
