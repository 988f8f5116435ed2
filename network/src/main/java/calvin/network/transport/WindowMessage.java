package calvin.network.transport;

import calvin.sim.wire.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.DecoderException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one worker tells another at the end of a window.
 *
 * <pre>
 * u64 window number | u64 nextPs | u64 status | u32 count | count records
 * record: u64 arrivalPs | u64 durationPs | u32 port | u32 sender | u64 sequence | u64 origin | u32 length | bytes
 * </pre>
 */
record WindowMessage(long number, long nextPs, long status, List<Frame> frames) {
    private static final int RECORD_BYTES = 44;

    /** Writes all but the records; the count is filled in by {@link #setCount}. Returns its index. */
    static int writeHead(ByteBuf out, long number, long nextPs, long status) {
        out.writeLong(number).writeLong(nextPs).writeLong(status);
        int countAt = out.writerIndex();
        out.writeInt(0);
        return countAt;
    }

    static void writeFrame(ByteBuf out, Frame frame) {
        out.writeLong(frame.arrivalPs()).writeLong(frame.durationPs()).writeInt(frame.port()).writeInt(frame.sender());
        out.writeLong(frame.sequence()).writeLong(frame.origin()).writeInt(frame.bytes().length)
                .writeBytes(frame.bytes());
    }

    static void setCount(ByteBuf out, int countAt, int count) {
        out.setInt(countAt, count);
    }

    static WindowMessage read(ByteBuf in) {
        long number = in.readLong();
        long nextPs = in.readLong();
        long status = in.readLong();
        int count = in.readInt();
        if (count < 0 || (long) count * RECORD_BYTES > in.readableBytes()) {
            throw new DecoderException("a window of " + count + " frames in " + in.readableBytes() + " bytes");
        }
        List<Frame> frames = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            frames.add(readFrame(in));
        }
        if (in.isReadable()) {
            throw new DecoderException(in.readableBytes() + " bytes behind the frames of a window");
        }
        return new WindowMessage(number, nextPs, status, frames);
    }

    private static Frame readFrame(ByteBuf in) {
        long arrivalPs = in.readLong();
        long durationPs = in.readLong();
        int port = in.readInt();
        int sender = in.readInt();
        long sequence = in.readLong();
        long origin = in.readLong();
        int length = in.readInt();
        if (length < 0 || length > in.readableBytes()) {
            throw new DecoderException("a frame of " + length + " bytes");
        }
        return new Frame(arrivalPs, durationPs, port, sender, sequence, origin,
                ByteBufUtil.getBytes(in.readSlice(length)));
    }
}
