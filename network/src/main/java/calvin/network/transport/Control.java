package calvin.network.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.security.MessageDigest;

/**
 * Messages between the runner and its workers. {@code text} and byte strings are preceded by their length.
 *
 * <pre>
 *  1 HELLO        worker  u64 magic | bytes token | u16 version | u32 wanted number or -1 | text mesh host | u32 mesh
 *  port 2 PLAN         runner  u32 number | u32 workers | u64 length of the plan | bytes of it; repeated until it is
 *  whole 3 START        runner  u32 workers | per worker: text mesh host | u32 mesh port
 *  4 RESULT_FILE  worker  u8 1: first chunk, 2: last chunk | text name | bytes
 *  5 DONE         worker  bytes json
 *  6 ERROR        worker  text; after DONE and ERROR the runner hangs up
 *  7 HEARTBEAT    both
 *  8 REFUSE       runner  text
 * </pre>
 */
final class Control {
    static final int HELLO = 1;
    static final int PLAN = 2;
    static final int START = 3;
    static final int RESULT_FILE = 4;
    static final int DONE = 5;
    static final int ERROR = 6;
    static final int HEARTBEAT = 7;
    static final int REFUSE = 8;

    static final int FIRST_CHUNK = 1;
    static final int LAST_CHUNK = 2;

    static final long MAGIC = 0x43414C56_5752_4B52L;
    static final int VERSION = 1;
    /** Bytes of a plan or file in one message. */
    static final int CHUNK_BYTES = 256 << 10;
    static final long MAX_PLAN_BYTES = 512L << 20;
    private static final int MAX_NAME_CHARS = 255;
    private static final int MAX_TOKEN_BYTES = 1024;

    private Control() {}

    static ByteBuf message(int type) {
        return Messages.begin(Unpooled.buffer(), type);
    }

    static ByteBuf text(int type, String text) {
        ByteBuf out = message(type);
        Messages.writeText(out, text);
        return Messages.end(out);
    }

    /** Whether a HELLO, read behind its type, begins with the magic and the run's token. */
    static boolean knows(byte[] token, ByteBuf in) {
        return in.readLong() == MAGIC && MessageDigest.isEqual(token, Messages.readBytes(in, MAX_TOKEN_BYTES));
    }

    /** Writes and waits until the bytes have left, so that no more than one chunk of a stream is in memory. */
    static void writeAndWait(Channel channel, ByteBuf message, String peer) {
        ChannelFuture written = channel.writeAndFlush(message).awaitUninterruptibly();
        if (!written.isSuccess()) {
            throw new PeerLostException(peer + " is lost: " + Endpoint.reason(written.cause()));
        }
    }

    /**
     * Whether a result may have this name: parts of letters, digits, {@code . _ -} joined by {@code /}, none of them
     * {@code .} or {@code ..}, so that it stays inside the folder it is put in.
     */
    static boolean isFileName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_CHARS) {
            return false;
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return name.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                || "._-/".indexOf(c) >= 0);
    }
}
