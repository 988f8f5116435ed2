package calvin.machine.virtio.socket;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U16;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import java.util.Arrays;

/** The header of a socket packet; its payload follows (virtio 1.2, 5.10.6). */
final class Packet {
    static final Struct S = Struct.named("vsock_packet");
    static final U64 SOURCE_CID = S.u64("src_cid", "who sends");
    static final U64 TARGET_CID = S.u64("dst_cid", "to whom");
    static final U32 SOURCE_PORT = S.u32("src_port", "the sender's port");
    static final U32 TARGET_PORT = S.u32("dst_port", "the receiver's port");
    static final U32 LENGTH = S.u32("len", "bytes of payload");
    static final U16 TYPE = S.u16("type", "1 = stream");
    static final U16 OPERATION = S.u16("op", "what it is");
    static final U32 FLAGS = S.u32("flags", "of a shutdown: 1 no more receiving, 2 no more sending");
    static final U32 BUFFER_BYTES = S.u32("buf_alloc", "the sender's buffer for what it receives");
    static final U32 FORWARDED = S.u32("fwd_cnt", "bytes the sender has taken out of that buffer");
    static {
        S.endsAt(44);
    }

    static final int BYTES = 44;
    static final int STREAM = 1;
    static final int REQUEST = 1;
    static final int RESPONSE = 2;
    static final int RESET = 3;
    static final int SHUTDOWN = 4;
    static final int DATA = 5;
    static final int CREDIT_UPDATE = 6;
    static final int CREDIT_REQUEST = 7;
    static final int BOTH_WAYS = 3;

    private Packet() {}

    /** Whether a packet may be cut: the data of a stream. */
    static boolean isData(byte[] packet) {
        return packet[OPERATION.offset()] == DATA && packet[OPERATION.offset() + 1] == 0;
    }

    /** A packet with the same header and {@code length} bytes of the payload, from {@code from} of it. */
    static byte[] piece(byte[] packet, int from, int length) {
        byte[] piece = Arrays.copyOf(packet, BYTES + length);
        System.arraycopy(packet, BYTES + from, piece, BYTES, length);
        for (int i = 0; i < 4; i++) {
            piece[LENGTH.offset() + i] = (byte) (length >>> 8 * i);
        }
        return piece;
    }
}
