package calvin.network.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.MessageDigest;

/**
 * The first message in each direction of a connection between workers.
 *
 * <pre>
 * u64 magic | u32 length, token | u16 version | u32 from | u32 to | u32 workers | u32 length, plan hash
 * </pre>
 *
 * The magic and the token come first and never move, so that strangers and other versions are told apart.
 */
record MeshHello(int self, int workers, byte[] planHash, byte[] token) {
    static final int TYPE = 1;
    private static final long MAGIC = 0x43414C56_4D455348L;
    private static final int VERSION = 1;
    private static final int MAX_BYTES = 1024;

    ByteBuf to(int peer) {
        ByteBuf out = Messages.begin(Unpooled.buffer(), TYPE);
        out.writeLong(MAGIC);
        Messages.writeBytes(out, token);
        out.writeShort(VERSION).writeInt(self).writeInt(peer).writeInt(workers);
        Messages.writeBytes(out, planHash);
        return Messages.end(out);
    }

    /**
     * What a peer's message says.
     *
     * @param stranger whether it does not know the run's token; nothing else is then read
     * @param from     the peer's number, or -1
     * @param problem  why it cannot take part, or null
     */
    record Judgement(boolean stranger, int from, String problem) {}

    /** Reads a peer's message, behind its type. */
    Judgement judge(ByteBuf in) {
        if (in.readLong() != MAGIC || !MessageDigest.isEqual(token, Messages.readBytes(in, MAX_BYTES))) {
            return new Judgement(true, -1, null);
        }
        int version = in.readUnsignedShort();
        if (version != VERSION) {
            return new Judgement(false, -1, "speaks version " + version + " of the protocol, this worker version "
                    + VERSION);
        }
        int from = in.readInt();
        int to = in.readInt();
        int theirs = in.readInt();
        if (theirs != workers) {
            return new Judgement(false, from, "counts " + theirs + " workers, worker " + self + " counts " + workers);
        }
        if (to != self || from < 0 || from >= workers || from == self) {
            return new Judgement(false, from, "calls from worker " + from + " to worker " + to
                    + ", but this is worker " + self);
        }
        if (!MessageDigest.isEqual(planHash, Messages.readBytes(in, MAX_BYTES))) {
            return new Judgement(false, from, "has loaded another plan than worker " + self);
        }
        return new Judgement(false, from, null);
    }
}
