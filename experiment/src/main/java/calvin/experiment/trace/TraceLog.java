package calvin.experiment.trace;

import calvin.sim.trace.TraceKind;
import calvin.sim.trace.TraceSink;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The records of one lane in the order in which they were made, as columns. Owned by the lane while it runs, by the
 * runner between windows. A record takes 41 bytes and no allocation once the columns have grown.
 */
public final class TraceLog implements TraceSink {
    private static final TraceKind[] KINDS = TraceKind.values();

    private byte[] kinds = new byte[64];
    private int[] components = new int[64];
    private long[] times = new long[64];
    private long[] as = new long[64];
    private long[] bs = new long[64];
    private long[] cs = new long[64];
    private int size;

    @Override
    public void record(TraceKind kind, long timePs, int component, long a, long b, long c) {
        if (size == kinds.length) {
            grow(2 * size);
        }
        kinds[size] = (byte) kind.ordinal();
        times[size] = timePs;
        components[size] = component;
        as[size] = a;
        bs[size] = b;
        cs[size++] = c;
    }

    private void grow(int capacity) {
        kinds = Arrays.copyOf(kinds, capacity);
        components = Arrays.copyOf(components, capacity);
        times = Arrays.copyOf(times, capacity);
        as = Arrays.copyOf(as, capacity);
        bs = Arrays.copyOf(bs, capacity);
        cs = Arrays.copyOf(cs, capacity);
    }

    public int size() {
        return size;
    }

    public TraceKind kind(int i) {
        return KINDS[kinds[i]];
    }

    public long timePs(int i) {
        return times[i];
    }

    public int component(int i) {
        return components[i];
    }

    public long a(int i) {
        return as[i];
    }

    public long b(int i) {
        return bs[i];
    }

    public long c(int i) {
        return cs[i];
    }

    /** Writes what {@link #read} reads. */
    public void write(DataOutput out) throws IOException {
        out.writeInt(size);
        for (int i = 0; i < size; i++) {
            out.writeByte(kinds[i]);
            out.writeInt(components[i]);
            out.writeLong(times[i]);
            out.writeLong(as[i]);
            out.writeLong(bs[i]);
            out.writeLong(cs[i]);
        }
    }

    public static TraceLog read(DataInput in) throws IOException {
        TraceLog log = new TraceLog();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            TraceKind kind = KINDS[in.readByte()];
            int component = in.readInt();
            log.record(kind, in.readLong(), component, in.readLong(), in.readLong(), in.readLong());
        }
        return log;
    }
}
