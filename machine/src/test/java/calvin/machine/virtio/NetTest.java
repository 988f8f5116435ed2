package calvin.machine.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.IrqLine;
import calvin.machine.virtio.mmio.VirtioMmio;
import calvin.machine.virtio.net.VirtioNet;
import calvin.sim.event.Lane;
import calvin.sim.time.SimTime;
import calvin.sim.wire.Frame;
import calvin.sim.wire.Port;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetTest {
    private static final long MAC = 0x0200_0000_0001L;
    private static final int MERGE = 1 << 15;
    private static final int CONTROL = 1 << 17 | 1 << 18 | 1 << 23;
    private static final int RX = 0;
    private static final int TX = 1;
    private static final int CTRL = 2;
    private static final long PS_PER_BYTE = 8000;

    private final Lane lane = new Lane("node0");
    private final GuestRam ram = new GuestRam(1 << 21);
    private final List<byte[]> sent = new ArrayList<>();
    private final VirtioNet net = new VirtioNet(new Cable(), MAC, 1500, VirtioNet.DEFAULT_COST);
    private final MmioRegisters registers = new MmioRegisters(new VirtioMmio("node0/net", lane, ram, false,
            IrqLine.NONE, net));
    private final TestDriver driver = new TestDriver(lane, ram, registers);
    private long arrived;

    /** Keeps what is sent, at 1 Gb/s. */
    private final class Cable implements Port {
        private long freeAtPs;

        @Override
        public int number() {
            return 7;
        }

        @Override
        public long freeAtPs() {
            return freeAtPs;
        }

        @Override
        public long durationPs(int frameBytes) {
            return frameBytes * PS_PER_BYTE;
        }

        @Override
        public long send(long timePs, byte[] bytes, long origin) {
            sent.add(bytes);
            freeAtPs = Math.max(timePs, freeAtPs) + durationPs(bytes.length);
            return freeAtPs;
        }
    }

    private static byte[] frame(long destination, int bytes) {
        byte[] frame = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            frame[i] = (byte) (i < 6 ? destination >>> 40 - 8 * i : i);
        }
        return frame;
    }

    private static byte[] withHeader(byte[] frame) {
        return ByteBuffer.allocate(12 + frame.length).put(12, frame).array();
    }

    private void arrive(byte[] frame) {
        net.onFrame(new Frame(driver.nowPs(), frame.length * PS_PER_BYTE, 7, 8, arrived++, 0, frame));
        driver.pass(SimTime.PS_PER_MS);
    }

    @Test
    void theConfigurationHasAddressLinkAndMtu() {
        driver.start(1 << 3 | 1 << 5 | 1 << 16, 3);
        assertEquals(1, registers.id());
        assertEquals(0x0100_0000_0002L, registers.config(0, 4) | registers.config(4, 2) << 32);
        assertEquals(1, registers.config(6, 2));
        assertEquals(1500, registers.config(10, 2));
    }

    @Test
    void aFrameIsSentAndGivenBackWhenItHasLeft() {
        driver.start(0, 3);
        byte[] frame = frame(0x42, 1000);
        driver.add(TX, withHeader(frame), 0);
        driver.kick(TX);
        driver.pass(SimTime.PS_PER_US + 1000 * PS_PER_BYTE);
        assertEquals(0, driver.reap(TX).size());
        driver.pass(1);
        assertEquals(1, driver.reap(TX).size());
        assertArrayEquals(frame, sent.getFirst());
        assertEquals(1, net.sent());
    }

    @Test
    void framesTooShortOrTooLongAreNotSent() {
        driver.start(0, 3);
        driver.request(TX, withHeader(new byte[13]), 0);
        driver.request(TX, withHeader(new byte[1519]), 0);
        driver.request(TX, withHeader(new byte[1518]), 0);
        assertEquals(1, sent.size());
        assertEquals(2, net.dropped());
    }

    @Test
    void theDeviceFillsInTheChecksum() {
        driver.start(1, 3);
        byte[] frame = frame(0x42, 101);
        byte[] request = withHeader(frame);
        request[0] = 1;
        request[6] = 34;
        request[8] = 16;
        request[12 + 50] = 0x12;
        request[12 + 51] = 0x34;
        driver.request(TX, request, 0);
        byte[] out = sent.getFirst();
        int sum = 0x1234;
        for (int i = 34; i < 101; i += 2) {
            int word = (out[i] & 0xFF) << 8 | (i + 1 < 101 ? out[i + 1] & 0xFF : 0);
            sum += i == 50 ? 0 : word;
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum = (sum & 0xFFFF) + (sum >>> 16);
        assertEquals(~sum & 0xFFFF, (out[50] & 0xFF) << 8 | out[51] & 0xFF);
        request[6] = (byte) 100;
        driver.request(TX, request, 0);
        assertEquals(1, sent.size(), "the checksum would lie outside the frame");
    }

    @Test
    void aFrameThatArrivesIsGivenToTheDriver() {
        driver.start(0, 3);
        driver.add(RX, new byte[0], 2000);
        driver.kick(RX);
        byte[] frame = frame(MAC, 300);
        arrive(frame);
        TestDriver.Used used = driver.reap(RX).getFirst();
        assertEquals(312, used.written());
        assertArrayEquals(frame, Arrays.copyOfRange(used.bytes(), 12, 312));
        assertEquals(1, used.bytes()[10]);
        assertEquals(1, net.received());
        arrive(frame);
        assertEquals(1, net.dropped(), "no buffer");
    }

    @Test
    void aLargeFrameIsSpreadOverMergedBuffers() {
        driver.start(MERGE, 3);
        for (int i = 0; i < 4; i++) {
            driver.add(RX, new byte[0], 256);
        }
        driver.kick(RX);
        byte[] frame = frame(MAC, 700);
        arrive(frame);
        List<TestDriver.Used> used = driver.reap(RX);
        assertEquals(3, used.size());
        assertEquals(3, ram.get(TestDriver.buffer(RX, 0) + 10, 2));
        byte[] joined = new byte[712];
        int at = 0;
        for (TestDriver.Used each : used) {
            System.arraycopy(each.bytes(), 0, joined, at, each.written());
            at += each.written();
        }
        assertArrayEquals(frame, Arrays.copyOfRange(joined, 12, 712));
        arrive(frame);
        assertEquals(0, driver.reap(RX).size(), "one buffer is too few");
        driver.add(RX, new byte[0], 256);
        driver.add(RX, new byte[0], 256);
        arrive(frame);
        assertEquals(3, driver.reap(RX).size(), "the buffer that was left is used first");
    }

    @Test
    void framesOfOthersAreReceivedWhenTheDriverWantsThem() {
        driver.start(CONTROL, 3);
        for (int i = 0; i < 4; i++) {
            driver.add(RX, new byte[0], 1600);
        }
        arrive(frame(0x0200_0000_0099L, 100));
        assertEquals(0, driver.reap(RX).size());
        arrive(frame(0xFFFF_FFFF_FFFFL, 100));
        arrive(frame(0x0100_5E00_0001L, 100));
        assertEquals(2, driver.reap(RX).size());
        TestDriver.Used ack = driver.request(CTRL, new byte[]{0, 0, 1}, 1);
        assertEquals(0, ack.bytes()[0]);
        arrive(frame(0x0200_0000_0099L, 100));
        assertEquals(1, driver.reap(RX).size());
        assertEquals(0, driver.request(CTRL, new byte[]{0, 0, 0}, 1).bytes()[0]);
        assertEquals(0, driver.request(CTRL, new byte[]{1, 1, 2, 0, 0, 0, 0, (byte) 0x99}, 1).bytes()[0]);
        arrive(frame(0x0200_0000_0099L, 100));
        assertEquals(1, driver.reap(RX).size());
        assertEquals(1, driver.request(CTRL, new byte[]{9, 9}, 1).bytes()[0], "unknown command");
    }

    @Test
    void aFrameOnItsWayIsForgottenByAReset() {
        driver.start(0, 3);
        driver.add(RX, new byte[0], 1600);
        net.onFrame(new Frame(driver.nowPs(), 1000, 7, 8, 0, 0, frame(MAC, 100)));
        registers.status(0);
        driver.pass(SimTime.PS_PER_MS);
        assertEquals(0, net.received());
        assertTrue(lane.queue().size() == 0);
    }
}
