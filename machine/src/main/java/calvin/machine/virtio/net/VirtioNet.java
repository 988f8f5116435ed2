package calvin.machine.virtio.net;

import static calvin.machine.virtio.net.NetStruct.*;

import calvin.machine.virtio.ServiceCost;
import calvin.machine.virtio.VirtioCore;
import calvin.machine.virtio.VirtioDevice;
import calvin.machine.virtio.queue.Chain;
import calvin.machine.virtio.queue.SplitQueue;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.time.SimTime;
import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameSink;
import calvin.sim.wire.Port;

/**
 * A network card (virtio 1.2, 5.1) with one pair of queues and a control queue: mergeable receive buffers, checksums of
 * sent frames, an MTU, and receive modes.
 *
 * <p>A frame is sent when the driver's notification has been seen and the port is free, and given back when its last
 * bit has left. A frame that arrives is in the driver's buffers one latency after its last bit; where there are none it
 * is dropped and counted, as is what comes for another station. Multicast lists are not kept: a driver that sets one
 * receives all multicast, which 5.1.6.5.2 permits. Left out: segmentation offload, checksums of received frames,
 * several queue pairs, RSS, VLAN filters, announcements.
 *
 * <p>Cost: a frame's bytes are copied once into their array and once into guest memory.
 */
public final class VirtioNet implements VirtioDevice, FrameSink {
    /** 1 us to notice a frame to be sent, 1 us from the wire to memory; the port's speed is the network's to say. */
    public static final ServiceCost DEFAULT_COST = new ServiceCost(SimTime.PS_PER_US, SimTime.PS_PER_US, 0);
    /** What the MTU leaves out: addresses and type. */
    private static final int ETHERNET_BYTES = 14;
    private static final int VLAN_BYTES = 4;
    public static final int MIN_MTU = 68;
    public static final int MAX_MTU = 9216;

    static final long CSUM = 1L;
    static final long MTU = 1L << 3;
    static final long HAS_MAC = 1L << 5;
    static final long MRG_RXBUF = 1L << 15;
    static final long STATUS = 1L << 16;
    static final long CTRL_VQ = 1L << 17;
    static final long CTRL_RX = 1L << 18;
    static final long CTRL_RX_EXTRA = 1L << 20;
    static final long CTRL_MAC_ADDR = 1L << 23;

    static final int RX = 0;
    static final int TX = 1;
    static final int CONTROL = 2;

    private static final int HEADER_BYTES = 12;
    private static final int BUFFERS_AT = 10;
    private static final int NEEDS_CSUM = 1;
    private static final int CONFIG_BYTES = 12;
    private static final int QUEUE_SIZE = 256;
    private static final int ARRIVED = 0;
    private static final int CONTROL_BYTES = 16;

    private final Port port;
    private final long mac;
    private final int mtu;
    private final ServiceCost cost;
    private final Block state = new Block(S.sizeBytes());
    private final byte[] header = new byte[CONTROL_BYTES];
    private final int[] heads = new int[1];
    private VirtioCore core;

    /**
     * @param port its network attachment, which it alone sends on and whose frames come to it
     * @param mac  48 bits, first octet in bits 47..40
     */
    public VirtioNet(Port port, long mac, int mtu, ServiceCost cost) {
        this.port = port;
        this.mac = mac;
        this.mtu = mtu;
        this.cost = cost;
        powerOn();
    }

    @Override
    public int id() {
        return 1;
    }

    @Override
    public int pciClass() {
        return 0x02_00_00;
    }

    @Override
    public long features() {
        return CSUM | MTU | HAS_MAC | MRG_RXBUF | STATUS | CTRL_VQ | CTRL_RX | CTRL_RX_EXTRA | CTRL_MAC_ADDR;
    }

    @Override
    public int[] queueSizes() {
        return new int[]{QUEUE_SIZE, QUEUE_SIZE, 64};
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
        return CONFIG_BYTES;
    }

    @Override
    public int config(int offset) {
        if (offset < 6) {
            return (int) (MAC.get(state, 0) >>> 40 - 8 * offset) & 0xFF;
        }
        return switch (offset) {
            // Link up; one pair of queues.
            case 6, 8 -> 1;
            case 10 -> mtu & 0xFF;
            case 11 -> mtu >>> 8;
            default -> 0;
        };
    }

    public long sent() {
        return SENT.get(state, 0);
    }

    public long received() {
        return RECEIVED.get(state, 0);
    }

    public long dropped() {
        return DROPPED.get(state, 0);
    }

    private void count(calvin.sim.state.Struct.U64 counter) {
        counter.set(state, 0, counter.get(state, 0) + 1);
    }

    @Override
    public boolean supplies(int queue) {
        return queue == RX;
    }

    @Override
    public long start(long timePs, int queue, Chain chain) {
        return queue == TX ? send(timePs, chain) : core.transfer(timePs, 0);
    }

    @Override
    public long finish(long timePs, int queue, Chain chain) {
        return queue == TX ? 0 : control(chain);
    }

    // Sending.

    private long send(long timePs, Chain chain) {
        long bytes = chain.readableBytes() - HEADER_BYTES;
        if (bytes < ETHERNET_BYTES || bytes > mtu + ETHERNET_BYTES + VLAN_BYTES) {
            count(DROPPED);
            return timePs;
        }
        byte[] frame = new byte[(int) bytes];
        if (!chain.read(0, header, 0, HEADER_BYTES) || !chain.read(HEADER_BYTES, frame, 0, frame.length)) {
            return -1;
        }
        if ((header[0] & NEEDS_CSUM) != 0 && !checksum(frame, u16(header, 6), u16(header, 8))) {
            count(DROPPED);
            return timePs;
        }
        count(SENT);
        return port.send(timePs, frame, -1);
    }

    private static int u16(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8;
    }

    /** RFC 1071 over the frame from {@code start}; the driver has put the pseudo-header's sum where the result goes. */
    private static boolean checksum(byte[] frame, int start, int offset) {
        if (start + offset + 2 > frame.length) {
            return false;
        }
        int sum = 0;
        for (int i = start; i < frame.length; i += 2) {
            sum += (frame[i] & 0xFF) << 8 | (i + 1 < frame.length ? frame[i + 1] & 0xFF : 0);
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        int result = ~sum & 0xFFFF;
        // RFC 768: a UDP checksum of zero means none; all ones is the same sum.
        result = result == 0 ? 0xFFFF : result;
        frame[start + offset] = (byte) (result >>> 8);
        frame[start + offset + 1] = (byte) result;
        return true;
    }

    // Receiving.

    @Override
    public void onFrame(Frame frame) {
        if (!core.live() || !wants(frame.bytes())) {
            count(DROPPED);
            return;
        }
        core.post(frame.arrivalPs() + frame.durationPs() + cost.latencyPs(), ARRIVED, 0, 0, frame.bytes());
    }

    private boolean wants(byte[] frame) {
        if (frame.length < ETHERNET_BYTES || frame.length > mtu + ETHERNET_BYTES + VLAN_BYTES) {
            return false;
        }
        long destination = 0;
        for (int i = 0; i < 6; i++) {
            destination = destination << 8 | frame[i] & 0xFF;
        }
        if (destination == 0xFFFF_FFFF_FFFFL) {
            return NO_BROADCAST.get(state, 0) == 0;
        }
        if ((frame[0] & 1) != 0) {
            return NO_MULTICAST.get(state, 0) == 0;
        }
        return destination == MAC.get(state, 0) || ALL_UNICAST.get(state, 0) != 0;
    }

    @Override
    public void onEvent(long timePs, int kind, long a, long b, byte[] payload) {
        count(core.live() && deliver(payload) ? RECEIVED : DROPPED);
    }

    /** Fills as many buffers as the frame needs, then shows them together (5.1.6.4); false when there are too few. */
    private boolean deliver(byte[] frame) {
        SplitQueue queue = core.queue(RX);
        boolean merges = core.agreed(MRG_RXBUF);
        java.util.Arrays.fill(header, (byte) 0);
        header[BUFFERS_AT] = 1;
        int done = 0;
        int firstHead = -1;
        int count = 0;
        while (done < frame.length || count == 0) {
            Chain chain = core.take(RX, heads);
            if (chain == null) {
                queue.untake(count);
                return false;
            }
            int skip = count == 0 ? HEADER_BYTES : 0;
            int part = (int) Math.min(frame.length - done, Math.max(0, chain.writableBytes() - skip));
            if (part == 0 || !merges && part < frame.length) {
                queue.untake(count + 1);
                return false;
            }
            if (count == 0 && !chain.write(0, header, 0, HEADER_BYTES) || !chain.write(skip, frame, done, part)
                    || !queue.fill(count, heads[0], skip + part)) {
                core.fail();
                return false;
            }
            firstHead = count == 0 ? heads[0] : firstHead;
            done += part;
            count++;
        }
        if (count > 1 && !tellCount(queue, firstHead, count)) {
            core.fail();
            return false;
        }
        core.publish(RX, count);
        return true;
    }

    private boolean tellCount(SplitQueue queue, int firstHead, int count) {
        header[BUFFERS_AT] = (byte) count;
        header[BUFFERS_AT + 1] = (byte) (count >>> 8);
        return core.walk(queue, firstHead).write(BUFFERS_AT, header, BUFFERS_AT, 2);
    }

    // The control queue.

    /** { u8 class; u8 command; data } and a writable byte for the answer: 0 done, 1 refused (5.1.6.5). */
    private long control(Chain chain) {
        int bytes = (int) Math.min(CONTROL_BYTES, chain.readableBytes());
        if (bytes < 2 || chain.writableBytes() < 1 || !chain.read(0, header, 0, bytes)) {
            return -1;
        }
        boolean done = switch (header[0]) {
            case 0 -> bytes >= 3 && receiveMode(header[1], header[2]);
            case 1 -> address(header[1], bytes);
            default -> false;
        };
        header[0] = (byte) (done ? 0 : 1);
        return chain.write(0, header, 0, 1) ? 1 : -1;
    }

    /** Promiscuous, all multicast, all unicast, no multicast, no unicast, no broadcast. */
    private boolean receiveMode(int command, int on) {
        switch (command) {
            case 0, 2 -> ALL_UNICAST.set(state, 0, on & 1);
            case 1, 4 -> {
                // All multicast is received anyway, and unicast for this station always.
            }
            case 3 -> NO_MULTICAST.set(state, 0, on & 1);
            case 5 -> NO_BROADCAST.set(state, 0, on & 1);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Command 0: filter tables; 1: the station's address. */
    private boolean address(int command, int bytes) {
        if (command == 0) {
            // The first table lists unicast addresses beside the station's own: receive all when there are any.
            if (bytes >= 6 && (header[2] | header[3] | header[4] | header[5]) != 0) {
                ALL_UNICAST.set(state, 0, 1);
            }
            return true;
        }
        if (command != 1 || bytes < 8) {
            return false;
        }
        long value = 0;
        for (int i = 0; i < 6; i++) {
            value = value << 8 | header[2 + i] & 0xFF;
        }
        MAC.set(state, 0, value);
        return true;
    }

    @Override
    public void restart() {
        MAC.set(state, 0, mac);
        ALL_UNICAST.set(state, 0, 0);
        NO_MULTICAST.set(state, 0, 0);
        NO_BROADCAST.set(state, 0, 0);
    }

    @Override
    public void powerOn() {
        state.zero(0, S.sizeBytes());
        MAC.set(state, 0, mac);
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
