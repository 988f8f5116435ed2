package calvin.network.capture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes the blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian, link type Ethernet without FCS.
 *
 * <p>Timestamps are whole nanoseconds, cut off: with a resolution of picoseconds Wireshark 4.0 computes in 64 bits what
 * needs 70, and shows wrong times. The order of the packets is that of their picoseconds.
 *
 * <p>Every packet carries {@code epb_flags} (direction; no FCS) and {@code epb_packetid}, the frame's origin: the same
 * number wherever on its way a frame was captured.
 */
final class PcapngWriter {
    private static final int SECTION_HEADER = 0x0A0D_0D0A;
    private static final int INTERFACE = 1;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B_3C4D;
    private static final int LINKTYPE_ETHERNET = 1;

    private static final int OPT_END = 0;
    private static final int SHB_USERAPPL = 4;
    private static final int IF_NAME = 2;
    private static final int IF_SPEED = 8;
    private static final int IF_TSRESOL = 9;
    private static final int EPB_FLAGS = 2;
    private static final int EPB_PACKETID = 5;

    private static final int FLAGS_INBOUND = 1;
    private static final int FLAGS_OUTBOUND = 2;
    private static final byte NANOSECONDS = 9;
    private static final long PS_PER_NS = 1000;
    private static final int BLOCK_OVERHEAD_BYTES = 12;

    private final OutputStream out;
    private final int snapBytes;
    private ByteBuffer block = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    private int start;

    /** @param snapBytes bytes kept of each packet, 0 for all */
    PcapngWriter(OutputStream out, int snapBytes) throws IOException {
        this.out = out;
        this.snapBytes = snapBytes;
        begin(SECTION_HEADER, 64);
        block.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
        option(SHB_USERAPPL, "Calvin".getBytes(StandardCharsets.US_ASCII));
        option(OPT_END, new byte[0]);
        end();
    }

    /** Declares the next interface; interfaces are numbered in the order of their declarations. */
    void declare(CapturedPort port) throws IOException {
        byte[] name = port.name().getBytes(StandardCharsets.UTF_8);
        begin(INTERFACE, name.length + 64);
        block.putShort((short) LINKTYPE_ETHERNET).putShort((short) 0).putInt(snapBytes);
        option(IF_NAME, name);
        block.putShort((short) IF_SPEED).putShort((short) 8).putLong(port.speedBps());
        option(IF_TSRESOL, new byte[]{NANOSECONDS});
        option(OPT_END, new byte[0]);
        end();
    }

    void packet(int interfaceNumber, long timePs, boolean outbound, long packetId, byte[] bytes) throws IOException {
        int kept = snapBytes == 0 ? bytes.length : Math.min(snapBytes, bytes.length);
        long timeNs = timePs / PS_PER_NS;
        begin(ENHANCED_PACKET, kept + 64);
        block.putInt(interfaceNumber).putInt((int) (timeNs >>> 32)).putInt((int) timeNs);
        block.putInt(kept).putInt(bytes.length).put(bytes, 0, kept);
        pad();
        block.putShort((short) EPB_FLAGS).putShort((short) 4).putInt(outbound ? FLAGS_OUTBOUND : FLAGS_INBOUND);
        block.putShort((short) EPB_PACKETID).putShort((short) 8).putLong(packetId);
        option(OPT_END, new byte[0]);
        end();
    }

    void flush() throws IOException {
        write();
        out.flush();
    }

    /** Starts a block of at most {@code bytes} and its overhead; blocks are gathered until the buffer is full. */
    private void begin(int type, int bytes) throws IOException {
        if (block.remaining() < bytes + BLOCK_OVERHEAD_BYTES) {
            write();
            if (block.capacity() < bytes + BLOCK_OVERHEAD_BYTES) {
                block = ByteBuffer.allocate(2 * (bytes + BLOCK_OVERHEAD_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        start = block.position();
        block.putInt(type).putInt(0);
    }

    private void option(int code, byte[] value) {
        block.putShort((short) code).putShort((short) value.length).put(value);
        pad();
    }

    private void pad() {
        while ((block.position() - start) % 4 != 0) {
            block.put((byte) 0);
        }
    }

    private void end() {
        int length = block.position() - start + 4;
        block.putInt(length);
        block.putInt(start + 4, length);
    }

    private void write() throws IOException {
        out.write(block.array(), 0, block.position());
        block.clear();
    }
}
