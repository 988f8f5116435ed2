package calvin.network.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Framing of messages: {@code u32 length of what follows | u8 type | fields}. Strings and byte strings have a length
 * before them.
 */
final class Messages {
    private static final int MAX_TEXT_BYTES = 1 << 16;

    private Messages() {}

    /** Starts a message in {@code out}; {@link #end} fills in its length. */
    static ByteBuf begin(ByteBuf out, int type) {
        return out.writeInt(0).writeByte(type);
    }

    static ByteBuf end(ByteBuf out) {
        return out.setInt(0, out.readableBytes() - 4);
    }

    static void writeBytes(ByteBuf out, byte[] bytes) {
        out.writeInt(bytes.length).writeBytes(bytes);
    }

    static byte[] readBytes(ByteBuf in, int most) {
        int length = in.readInt();
        if (length < 0 || length > most || length > in.readableBytes()) {
            throw new DecoderException("a byte string of " + length + " bytes");
        }
        return ByteBufUtil.getBytes(in.readSlice(length));
    }

    /** Writes {@code text}, cut to what a reader accepts. */
    static void writeText(ByteBuf out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, MAX_TEXT_BYTES);
        out.writeInt(length).writeBytes(bytes, 0, length);
    }

    static String readText(ByteBuf in) {
        return new String(readBytes(in, MAX_TEXT_BYTES), StandardCharsets.UTF_8);
    }

    /**
     * Cuts the stream into messages (without their length). The limit is small until the other side has proved who it
     * is.
     */
    static final class Decoder extends ByteToMessageDecoder {
        static final int HANDSHAKE_BYTES = 4096;

        private int limit = HANDSHAKE_BYTES;

        void limit(int bytes) {
            limit = bytes;
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            if (in.readableBytes() < 4) {
                return;
            }
            int length = in.getInt(in.readerIndex());
            if (length < 1 || length > limit) {
                throw new DecoderException("a message of " + (length & 0xFFFF_FFFFL) + " bytes, at most " + limit
                        + " are accepted");
            }
            if (in.readableBytes() >= 4 + length) {
                in.skipBytes(4);
                out.add(in.readRetainedSlice(length));
            }
        }
    }
}
