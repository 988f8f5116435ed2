package calvin.machine.virtio.socket;

import calvin.machine.virtio.ServiceCost;
import calvin.machine.virtio.VirtioCore;
import calvin.machine.virtio.VirtioDevice;
import calvin.machine.virtio.queue.Chain;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.time.SimTime;
import java.util.ArrayDeque;

/**
 * A socket device (virtio 1.2, 5.10): carries packets between the guest's AF_VSOCK streams and a {@link SocketPeer}.
 * Credit and connections are the business of the two ends; the device moves packets, in order, when the driver has
 * supplied buffers. Up to {@link #MAX_WAITING} packets wait for those, more are dropped and counted. Left out:
 * datagrams and sequential packets, transport reset events.
 */
public final class VirtioSocket implements VirtioDevice {
    /** 1 us to notice a packet, 2 us to move it, 2 GB/s. */
    public static final ServiceCost DEFAULT_COST = new ServiceCost(SimTime.PS_PER_US, 2 * SimTime.PS_PER_US, 500);
    static final int MAX_PAYLOAD = 64 << 10;
    static final int MAX_WAITING = 4096;
    private static final int RX = 0;
    private static final int TX = 1;
    private static final int QUEUE_SIZE = 128;

    private final long cid;
    private final SocketPeer peer;
    private final ServiceCost cost;
    /** Packets for the guest that have arrived and have no buffer yet. */
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private final int[] heads = new int[1];
    private VirtioCore core;
    private long dropped;

    /** @param cid the guest's context id, 3 or above */
    public VirtioSocket(long cid, SocketPeer peer, ServiceCost cost) {
        this.cid = cid;
        this.peer = peer;
        this.cost = cost;
        peer.connect(this);
    }

    public long cid() {
        return cid;
    }

    /** Packets that nobody could take since power-on. */
    public long dropped() {
        return dropped;
    }

    /** A packet for the guest: it is in its buffers a transfer and a latency after {@code timePs}, if there are any. */
    public void deliver(long timePs, byte[] packet) {
        if (core.live()) {
            // One channel: a short packet does not overtake a long one.
            core.post(core.transfer(timePs, packet.length), 0, 0, 0, packet);
        } else {
            dropped++;
        }
    }

    @Override
    public int id() {
        return 19;
    }

    @Override
    public int pciClass() {
        return 0x02_80_00;
    }

    @Override
    public long features() {
        return 0;
    }

    @Override
    public int[] queueSizes() {
        return new int[]{QUEUE_SIZE, QUEUE_SIZE, QUEUE_SIZE};
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
        return 8;
    }

    @Override
    public int config(int offset) {
        return (int) (cid >>> 8 * offset) & 0xFF;
    }

    @Override
    public boolean supplies(int queue) {
        return queue != TX;
    }

    @Override
    public long start(long timePs, int queue, Chain chain) {
        long bytes = chain.readableBytes();
        return bytes < Packet.BYTES || bytes > Packet.BYTES + MAX_PAYLOAD ? -1 : core.transfer(timePs, bytes);
    }

    @Override
    public long finish(long timePs, int queue, Chain chain) {
        byte[] packet = new byte[(int) Math.min(Packet.BYTES + MAX_PAYLOAD, chain.readableBytes())];
        if (packet.length < Packet.BYTES || !chain.read(0, packet, 0, packet.length)) {
            return -1;
        }
        Block header = new Block(Packet.BYTES);
        header.write(0, packet, 0, Packet.BYTES);
        // 5.10.6.4: a driver sends as itself; what lies about its length is dropped.
        boolean sound = Packet.SOURCE_CID.get(header, 0) == cid
                && Packet.LENGTH.get(header, 0) == packet.length - Packet.BYTES;
        if (sound) {
            peer.onPacket(timePs, packet);
        } else {
            dropped++;
        }
        return 0;
    }

    @Override
    public void onEvent(long timePs, int kind, long a, long b, byte[] payload) {
        if (waiting.size() < MAX_WAITING) {
            waiting.add(payload);
        } else {
            dropped++;
        }
        supplied(timePs, RX);
    }

    @Override
    public void supplied(long timePs, int queue) {
        while (queue == RX && !waiting.isEmpty()) {
            Chain chain = core.take(RX, heads);
            if (chain == null) {
                return;
            }
            byte[] packet = waiting.poll();
            int room = (int) Math.min(Packet.BYTES + MAX_PAYLOAD, chain.writableBytes());
            if (room < packet.length && room > Packet.BYTES && Packet.isData(packet)) {
                // A stream has no boundaries: what does not fit comes in the next buffer.
                int part = room - Packet.BYTES;
                waiting.addFirst(Packet.piece(packet, part, packet.length - Packet.BYTES - part));
                packet = Packet.piece(packet, 0, part);
            }
            if (room < packet.length) {
                dropped++;
                core.give(RX, heads[0], 0);
            } else if (chain.write(0, packet, 0, packet.length)) {
                core.give(RX, heads[0], packet.length);
            } else {
                core.fail();
                return;
            }
        }
    }

    @Override
    public void restart() {
        waiting.clear();
    }

    @Override
    public void powerOn() {
        dropped = 0;
    }

    @Override
    public void save(StateWriter out) {
        out.u64(dropped);
        out.u64(waiting.size());
        waiting.forEach(out::blob);
    }

    @Override
    public void load(StateReader in) {
        dropped = in.u64();
        waiting.clear();
        for (long i = in.u64(); i > 0; i--) {
            waiting.add(in.blob());
        }
    }
}
