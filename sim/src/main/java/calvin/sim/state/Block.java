package calvin.sim.state;

import calvin.sim.check.Check;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A fixed number of bytes on the Java heap, starting at address 0: the state of a device, a link or a queue. */
public final class Block implements Memory {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;

    public Block(int sizeBytes) {
        Check.that(sizeBytes >= 0, "block size is negative", sizeBytes);
        bytes = new byte[sizeBytes];
    }

    public int sizeBytes() {
        return bytes.length;
    }

    /** The array index of {@code at}; an address beyond 2^31 must not wrap into the block. */
    private static int index(long at) {
        int index = (int) at;
        Check.that(index == at, "address lies outside the block", at);
        return index;
    }

    @Override
    public int u8(long at) {
        return bytes[index(at)] & 0xFF;
    }

    @Override
    public void u8(long at, int value) {
        bytes[index(at)] = (byte) value;
    }

    @Override
    public int u16(long at) {
        return (short) SHORT.get(bytes, index(at)) & 0xFFFF;
    }

    @Override
    public void u16(long at, int value) {
        SHORT.set(bytes, index(at), (short) value);
    }

    @Override
    public long u32(long at) {
        return (int) INT.get(bytes, index(at)) & 0xFFFF_FFFFL;
    }

    @Override
    public void u32(long at, long value) {
        INT.set(bytes, index(at), (int) value);
    }

    @Override
    public long u64(long at) {
        return (long) LONG.get(bytes, index(at));
    }

    @Override
    public void u64(long at, long value) {
        LONG.set(bytes, index(at), value);
    }

    @Override
    public void read(long at, byte[] into, int offset, int length) {
        System.arraycopy(bytes, index(at), into, offset, length);
    }

    @Override
    public void write(long at, byte[] from, int offset, int length) {
        System.arraycopy(from, offset, bytes, index(at), length);
    }

    @Override
    public void zero(long at, long length) {
        Arrays.fill(bytes, index(at), index(at + length), (byte) 0);
    }

    public void save(StateWriter out) {
        out.bytes(bytes, 0, bytes.length);
    }

    public void load(StateReader in) {
        in.bytes(bytes, 0, bytes.length);
    }
}
