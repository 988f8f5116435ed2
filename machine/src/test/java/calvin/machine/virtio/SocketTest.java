package calvin.machine.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import calvin.machine.bus.IrqLine;
import calvin.machine.virtio.mmio.VirtioMmio;
import calvin.machine.virtio.socket.HostPorts;
import calvin.machine.virtio.socket.HostSockets;
import calvin.machine.virtio.socket.SocketCable;
import calvin.machine.virtio.socket.VirtioSocket;
import calvin.sim.event.Lane;
import calvin.sim.state.Snapshot;
import calvin.sim.state.Stateful;
import calvin.sim.time.SimTime;
import calvin.sim.wire.Frame;
import calvin.sim.wire.Port;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams between a guest and the host, and between two guests, packet by packet (virtio 1.2, 5.10.6). */
class SocketTest {
    private static final int RX = 0;
    private static final int TX = 1;
    private static final int REQUEST = 1;
    private static final int RESPONSE = 2;
    private static final int RESET = 3;
    private static final int SHUTDOWN = 4;
    private static final int DATA = 5;
    private static final int CREDIT_UPDATE = 6;
    private static final int ROOM = 64 << 10;

    /** A packet as the guest sees it. */
    private record Seen(int operation, int length, int forwarded, byte[] data) {}

    /** A guest with a socket device and buffers for what comes. */
    private static final class Guest {
        final Lane lane = new Lane("node0");
        final GuestRam ram = new GuestRam(1 << 21);
        final VirtioSocket device;
        final VirtioMmio transport;
        final TestDriver driver;

        Guest(long cid, calvin.machine.virtio.socket.SocketPeer peer) {
            device = new VirtioSocket(cid, peer, VirtioSocket.DEFAULT_COST);
            transport = new VirtioMmio("node0/vsock", lane, ram, false, IrqLine.NONE, device);
            driver = new TestDriver(lane, ram, new MmioRegisters(transport));
        }

        void start() {
            driver.start(0, 3);
            supply();
        }

        void supply() {
            for (int i = 0; i < 4; i++) {
                driver.add(RX, new byte[0], 8192);
            }
            driver.kick(RX);
            driver.pass(SimTime.PS_PER_MS);
        }

        void send(long target, int port, int operation, int flags, long room, byte[] data) {
            byte[] packet = ByteBuffer.allocate(44 + data.length).order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(device.cid()).putLong(target).putInt(1000).putInt(port).putInt(data.length)
                    .putShort((short) 1).putShort((short) operation).putInt(flags).putInt((int) room).putInt(0)
                    .put(data).array();
            driver.request(TX, packet, 0);
        }

        List<Seen> seen() {
            List<Seen> all = new ArrayList<>();
            for (TestDriver.Used used : driver.reap(RX)) {
                ByteBuffer packet = ByteBuffer.wrap(used.bytes()).order(ByteOrder.LITTLE_ENDIAN);
                byte[] data = new byte[packet.getInt(24)];
                packet.get(44, data);
                all.add(new Seen(packet.getShort(30), data.length, packet.getInt(40), data));
            }
            return all;
        }

        List<Integer> operations() {
            return seen().stream().map(Seen::operation).toList();
        }
    }

    private static HostSockets host() {
        return new HostSockets("node0/vsock/host", HostPorts.DEFAULT.services());
    }

    @Test
    void aStreamToTheEchoServiceCarriesBytesBothWays() {
        Guest guest = new Guest(3, host());
        guest.start();
        assertEquals(3, guest.driver.registers.config(0, 8));
        guest.send(2, 7, REQUEST, 0, ROOM, new byte[0]);
        assertEquals(List.of(RESPONSE), guest.operations());
        byte[] data = {1, 2, 3, 4, 5};
        guest.send(2, 7, DATA, 0, ROOM, data);
        List<Seen> seen = guest.seen();
        assertEquals(List.of(CREDIT_UPDATE, DATA), seen.stream().map(Seen::operation).toList());
        assertArrayEquals(data, seen.get(1).data());
        assertEquals(5, seen.get(1).forwarded());
        guest.send(2, 7, SHUTDOWN, 3, ROOM, new byte[0]);
        assertEquals(List.of(RESET), guest.operations());
    }

    /** Linux supplies buffers below 4 KiB and sends packets of up to 64 KiB. */
    @Test
    void dataLargerThanTheBuffersComesInPiecesAndInOrder() {
        Guest guest = new Guest(3, host());
        guest.start();
        guest.send(2, 7, REQUEST, 0, ROOM, new byte[0]);
        assertEquals(List.of(RESPONSE), guest.operations());
        byte[] data = new byte[15_000];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 7 + i / 251);
        }
        guest.send(2, 7, DATA, 0, ROOM, data);
        byte[] got = new byte[data.length];
        int at = 0;
        for (int round = 0; round < 4; round++) {
            for (Seen seen : guest.seen()) {
                System.arraycopy(seen.data(), 0, got, at, seen.length());
                at += seen.length();
            }
            guest.supply();
        }
        assertArrayEquals(data, got);
        assertEquals(0, guest.device.dropped());
    }

    @Test
    void nobodyListensElsewhere() {
        Guest guest = new Guest(3, host());
        guest.start();
        guest.send(2, 8, REQUEST, 0, ROOM, new byte[0]);
        guest.send(99, 7, REQUEST, 0, ROOM, new byte[0]);
        guest.send(2, 7, DATA, 0, ROOM, new byte[3]);
        assertEquals(List.of(RESET, RESET, RESET), guest.operations());
    }

    @Test
    void theHostSendsNoMoreThanTheGuestHasRoomFor() {
        Guest guest = new Guest(3, host());
        guest.start();
        guest.send(2, 7, REQUEST, 0, 10, new byte[0]);
        guest.send(2, 7, DATA, 0, 10, new byte[25]);
        assertEquals(List.of(0, 0, 10), guest.seen().stream().map(Seen::length).toList());
        guest.supply();
        guest.send(2, 7, CREDIT_UPDATE, 0, 22, new byte[0]);
        assertEquals(List.of(12), guest.seen().stream().map(Seen::length).toList());
    }

    @Test
    void packetsWaitForBuffersAndSnapshotsKeepThem() {
        HostSockets host = host();
        Guest guest = new Guest(3, host);
        guest.driver.start(0, 3);
        guest.send(2, 7, REQUEST, 0, ROOM, new byte[0]);
        guest.send(2, 7, DATA, 0, ROOM, new byte[9]);
        assertEquals(List.of(), guest.operations());
        List<Stateful> parts = List.of(guest.lane, guest.transport, host, guest.ram);
        Snapshot snapshot = Snapshot.take(parts);
        guest.supply();
        assertEquals(List.of(RESPONSE, CREDIT_UPDATE, DATA), guest.operations());
        snapshot.restore(parts);
        assertEquals(3, guest.driver.registers.config(0, 8));
        assertEquals(0, guest.ram.get(TestDriver.deviceArea(RX) + 2, 2));
    }

    @Test
    void whatLiesAboutItselfIsDropped() {
        Guest guest = new Guest(3, host());
        guest.start();
        byte[] packet = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN).putLong(4).putLong(2).array();
        guest.driver.request(TX, packet, 0);
        packet[0] = 3;
        packet[24] = 9;
        guest.driver.request(TX, packet, 0);
        assertEquals(2, guest.device.dropped());
        guest.driver.add(TX, new byte[10], 0);
        guest.driver.kick(TX);
        guest.driver.pass(SimTime.PS_PER_MS);
        assertEquals(15 | VirtioCore.NEEDS_RESET, guest.driver.registers.status());
    }

    /** Hands frames to the other end at once. */
    private static final class Wire implements Port {
        SocketCable far;
        private long sequence;

        @Override
        public int number() {
            return 0;
        }

        @Override
        public long freeAtPs() {
            return 0;
        }

        @Override
        public long durationPs(int frameBytes) {
            return 0;
        }

        @Override
        public long send(long timePs, byte[] bytes, long origin) {
            far.onFrame(new Frame(timePs, 0, 1, 0, sequence++, 0, bytes));
            return timePs;
        }
    }

    @Test
    void twoGuestsReachEachOtherByTheirCable() {
        Wire left = new Wire();
        Wire right = new Wire();
        SocketCable leftCable = new SocketCable(left);
        SocketCable rightCable = new SocketCable(right);
        left.far = rightCable;
        right.far = leftCable;
        Guest first = new Guest(3, leftCable);
        Guest second = new Guest(4, rightCable);
        first.start();
        second.start();
        first.send(4, 77, REQUEST, 0, ROOM, new byte[0]);
        second.driver.pass(20 * SimTime.PS_PER_MS);
        assertEquals(List.of(REQUEST), second.operations());
        first.send(5, 77, REQUEST, 0, ROOM, new byte[0]);
        second.driver.pass(20 * SimTime.PS_PER_MS);
        assertEquals(List.of(), second.operations(), "is for somebody else");
    }
}
