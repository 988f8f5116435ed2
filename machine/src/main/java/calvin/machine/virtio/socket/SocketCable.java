package calvin.machine.virtio.socket;

import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameSink;
import calvin.sim.wire.Port;
import java.util.Arrays;

/**
 * Connects two guests' sockets by the experiment's network: each packet, or piece of 8 KiB, is one frame of EtherType
 * 0x88B5 (local experimental, IEEE 802) from 02:56:53 and the sender's CID to 02:56:53 and the receiver's. So the
 * network's latency, losses and faults apply to sockets too; they do not retransmit. Has no state.
 */
public final class SocketCable implements SocketPeer, FrameSink {
    private static final int HEADER_BYTES = 14;
    private static final int ETHER_TYPE = 0x88B5;
    private static final long PREFIX = 0x0256_5300_0000L;

    /** Of a frame: with the headers less than the 9000 bytes that networks for large frames carry. */
    private static final int MAX_DATA = 8192;

    private final Port port;
    private VirtioSocket device;

    public SocketCable(Port port) {
        this.port = port;
    }

    @Override
    public void connect(VirtioSocket value) {
        device = value;
    }

    private static long u64(byte[] bytes, int at) {
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xFF;
        }
        return value;
    }

    private static void mac(byte[] frame, int at, long cid) {
        long mac = PREFIX | cid & 0xFF_FFFF;
        for (int i = 0; i < 6; i++) {
            frame[at + i] = (byte) (mac >>> 40 - 8 * i);
        }
    }

    @Override
    public void onPacket(long timePs, byte[] packet) {
        int length = packet.length - Packet.BYTES;
        if (length <= MAX_DATA || !Packet.isData(packet)) {
            send(timePs, packet);
            return;
        }
        for (int from = 0; from < length; from += MAX_DATA) {
            send(timePs, Packet.piece(packet, from, Math.min(MAX_DATA, length - from)));
        }
    }

    private void send(long timePs, byte[] packet) {
        byte[] frame = new byte[HEADER_BYTES + packet.length];
        mac(frame, 0, u64(packet, Packet.TARGET_CID.offset()));
        mac(frame, 6, device.cid());
        frame[12] = (byte) (ETHER_TYPE >>> 8);
        frame[13] = (byte) ETHER_TYPE;
        System.arraycopy(packet, 0, frame, HEADER_BYTES, packet.length);
        port.send(timePs, frame, -1);
    }

    @Override
    public void onFrame(Frame frame) {
        byte[] bytes = frame.bytes();
        boolean ours = bytes.length >= HEADER_BYTES + Packet.BYTES && bytes[12] == (byte) (ETHER_TYPE >>> 8)
                && bytes[13] == (byte) ETHER_TYPE
                && u64(bytes, HEADER_BYTES + Packet.TARGET_CID.offset()) == device.cid();
        if (ours) {
            device.deliver(frame.arrivalPs() + frame.durationPs(), Arrays.copyOfRange(bytes, HEADER_BYTES,
                    bytes.length));
        }
    }
}
