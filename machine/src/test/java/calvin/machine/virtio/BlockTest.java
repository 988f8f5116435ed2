package calvin.machine.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.IrqLine;
import calvin.machine.disk.ByteSource;
import calvin.machine.disk.Disk;
import calvin.machine.disk.DiskException;
import calvin.machine.disk.RawImage;
import calvin.machine.virtio.block.VirtioBlock;
import calvin.machine.virtio.mmio.VirtioMmio;
import calvin.sim.event.Lane;
import calvin.sim.seed.Seed;
import calvin.sim.state.Snapshot;
import calvin.sim.state.StateHash;
import calvin.sim.state.Stateful;
import calvin.sim.time.SimTime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The block device behind MMIO registers, driven as a guest drives it. */
class BlockTest {
    private static final int SECTOR = 512;
    private static final int DISK_BYTES = 1 << 20;
    private static final int IN = 0;
    private static final int OUT = 1;
    private static final int FLUSH = 4;
    private static final int GET_ID = 8;
    private static final int DISCARD = 11;
    private static final int WRITE_ZEROES = 13;

    private final byte[] contents = contents();
    private final Bench bench = new Bench(contents, false);
    private final GuestRam ram = bench.ram;
    private final TestDriver driver = bench.driver;
    private final MmioRegisters registers = bench.registers;

    /** A guest with one disk. */
    private static final class Bench {
        final Lane lane = new Lane("node0");
        final GuestRam ram = new GuestRam(1 << 21);
        final Disk disk;
        final VirtioMmio device;
        final MmioRegisters registers;
        final TestDriver driver;

        Bench(byte[] contents, boolean readOnly) {
            try {
                disk = Disk.of("node0/disk0", new RawImage(ByteSource.of(contents, "test")), readOnly);
            } catch (DiskException e) {
                throw new AssertionError(e);
            }
            device = new VirtioMmio("node0/virtio0", lane, ram, false, IrqLine.NONE,
                    new VirtioBlock(disk, "serial-1", 1, VirtioBlock.DEFAULT_COST));
            registers = new MmioRegisters(device);
            driver = new TestDriver(lane, ram, registers);
        }

        List<Stateful> parts() {
            return List.of(lane, device, disk, ram);
        }
    }

    private static byte[] contents() {
        byte[] bytes = new byte[DISK_BYTES];
        Seed seed = new Seed(5);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) seed.draw(i);
        }
        return bytes;
    }

    private static byte[] request(int type, long sector, byte[] data) {
        return ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(0)
                .putLong(sector).put(data).array();
    }

    private static int status(TestDriver.Used used) {
        return used.bytes()[used.bytes().length - 1];
    }

    private byte[] read(long sector, int bytes) {
        TestDriver.Used used = driver.request(0, request(IN, sector, new byte[0]), bytes + 1);
        assertEquals(bytes + 1, used.written());
        assertEquals(0, status(used));
        return Arrays.copyOf(used.bytes(), bytes);
    }

    /** Of a request that returns nothing but its status, which is written to the end of the buffer. */
    private int send(byte[] request) {
        return status(driver.request(0, request, 1));
    }

    @Test
    void aDriverReadsWhatIsOnTheDisk() {
        driver.start(0, 1);
        assertEquals(2, registers.id());
        assertEquals(DISK_BYTES / SECTOR, registers.config(0, 8));
        assertArrayEquals(Arrays.copyOfRange(contents, 3 * SECTOR, 11 * SECTOR), read(3, 8 * SECTOR));
        assertTrue(registers.interrupted());
        assertFalse(registers.interrupted());
    }

    @Test
    void whatIsWrittenIsReadBackAndTheImageStaysAsItWas() {
        driver.start(0, 1);
        byte[] before = contents.clone();
        byte[] data = new byte[3 * SECTOR];
        Arrays.fill(data, (byte) 0x5A);
        assertEquals(0, send(request(OUT, 7, data)));
        assertEquals(0, send(request(FLUSH, 0, new byte[0])));
        assertArrayEquals(data, read(7, data.length));
        assertArrayEquals(Arrays.copyOfRange(contents, 6 * SECTOR, 7 * SECTOR), read(6, SECTOR));
        assertArrayEquals(before, contents);
        assertEquals(2, bench.disk.writtenPages());
    }

    @Test
    void discardAndWriteZeroesClearTheirSectors() {
        driver.start(1 << 13 | 1 << 14, 1);
        byte[] segment = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(16).putInt(8).putInt(0).array();
        assertEquals(0, send(request(DISCARD, 0, segment)));
        assertArrayEquals(new byte[8 * SECTOR], read(16, 8 * SECTOR));
        segment[0] = 1;
        assertEquals(0, send(request(WRITE_ZEROES, 0, segment)));
        assertArrayEquals(new byte[8 * SECTOR], read(1, 8 * SECTOR));
        assertArrayEquals(Arrays.copyOfRange(contents, 0, SECTOR), read(0, SECTOR));
        segment[12] = 2;
        assertEquals(2, send(request(WRITE_ZEROES, 0, segment)), "an unknown flag is not supported");
        segment[12] = 0;
        segment[6] = 1;
        assertEquals(1, send(request(DISCARD, 0, segment)), "beyond the disk");
    }

    @Test
    void theIdIsTheSerial() {
        driver.start(0, 1);
        TestDriver.Used used = driver.request(0, request(GET_ID, 0, new byte[0]), 21);
        assertEquals("serial-1", new String(used.bytes(), 0, 20, StandardCharsets.UTF_8).strip().replace("\0", ""));
    }

    @ParameterizedTest
    @ValueSource(longs = {DISK_BYTES / SECTOR, 1L << 55, -1, Long.MIN_VALUE, DISK_BYTES / SECTOR - 1})
    void aRequestBeyondTheDiskIsAnErrorAndNothingElse(long sector) {
        driver.start(0, 1);
        TestDriver.Used used = driver.request(0, request(IN, sector, new byte[0]), 2 * SECTOR + 1);
        assertEquals(1, used.written());
        assertEquals(1, ram.get(TestDriver.buffer(0, 1) + 2 * SECTOR, 1), "status is IOERR");
        assertEquals(1, send(request(OUT, sector, new byte[2 * SECTOR])));
        assertEquals(15, registers.status());
    }

    @Test
    void partsOfSectorsAndUnknownTypesAreRefused() {
        driver.start(0, 1);
        assertEquals(1, send(request(OUT, 0, new byte[100])));
        assertEquals(2, send(request(77, 0, new byte[0])));
        assertEquals(15, registers.status());
    }

    @Test
    void aReadOnlyDiskRefusesWrites() {
        Bench other = new Bench(contents, true);
        other.driver.start(1 << 5, 1);
        assertEquals(1, status(other.driver.request(0, request(OUT, 0, new byte[SECTOR]), 1)));
        assertEquals(1, status(other.driver.request(0, request(DISCARD, 0, new byte[16]), 1)));
        assertEquals(0, other.registers.features() & (1 << 13 | 1 << 14));
    }

    @Test
    void aRequestTakesTheDevicesTimeAndRequestsOverlap() {
        driver.start(0, 1);
        driver.add(0, request(IN, 0, new byte[0]), SECTOR + 1);
        driver.add(0, request(IN, 1, new byte[0]), SECTOR + 1);
        driver.kick(0);
        // Notice 1 us, transfer of 512 bytes at 500 ps, latency 60 us.
        long first = 61 * SimTime.PS_PER_US + 512 * 500;
        driver.pass(first);
        assertEquals(0, driver.reap(0).size());
        driver.pass(1);
        assertEquals(1, driver.reap(0).size());
        driver.pass(512 * 500);
        assertEquals(1, driver.reap(0).size());
    }

    @Test
    void aSnapshotWithRequestsUnderWayContinuesTheSame() {
        driver.start(0, 1);
        driver.add(0, request(OUT, 2, new byte[SECTOR]), 1);
        driver.add(0, request(IN, 1, new byte[0]), 4 * SECTOR + 1);
        driver.kick(0);
        driver.pass(30 * SimTime.PS_PER_US);
        List<Stateful> parts = bench.parts();
        Snapshot snapshot = Snapshot.take(parts);
        Bench other = new Bench(contents, false);
        List<Stateful> otherParts = other.parts();
        snapshot.restore(otherParts);
        driver.pass(SimTime.PS_PER_MS);
        other.lane.runUntil(driver.nowPs());
        for (int i = 0; i < parts.size(); i++) {
            assertEquals(StateHash.of(parts.get(i)), StateHash.of(otherParts.get(i)));
        }
        assertEquals(2, ram.get(TestDriver.deviceArea(0) + 2, 2));
    }

    @Test
    void aResetForgetsRequestsUnderWay() {
        driver.start(0, 1);
        driver.add(0, request(IN, 0, new byte[0]), SECTOR + 1);
        driver.kick(0);
        driver.pass(30 * SimTime.PS_PER_US);
        registers.status(0);
        assertEquals(0, bench.lane.queue().size());
        driver.pass(SimTime.PS_PER_MS);
        assertEquals(0, ram.get(TestDriver.deviceArea(0) + 2, 2));
        driver.start(0, 1);
        assertArrayEquals(Arrays.copyOf(contents, SECTOR), read(0, SECTOR));
    }
}
