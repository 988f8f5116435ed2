package calvin.network.capture;

import calvin.network.link.FrameTap;
import calvin.sim.check.Check;
import calvin.sim.time.SimTime;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A capture file of one or several ports.
 *
 * <p>The taps belong to the lanes of their ports and only note references to the frames' bytes, which nobody changes.
 * {@link #drain}, called between windows by whoever runs them, writes what lies before the horizon that all lanes have
 * reached, in the order (time, port, inbound before outbound): nothing earlier can come any more, so the file is sorted
 * and the same however the world is divided and however often it is drained. Draining after every window bounds the
 * memory to what is captured in one window and what waits to be sent.
 *
 * <p>An outbound frame is captured at the time at which its first bit leaves, an inbound frame when its first bit
 * arrives. What is buffered is not state: after a restore the file goes on with what is sent and received then.
 */
public final class Capture implements Closeable {
    private static final Comparator<Noted> ORDER = Comparator.comparingLong(Noted::timePs)
            .thenComparingInt(Noted::interfaceNumber).thenComparing(Noted::outbound);

    private final OutputStream out;
    private final PcapngWriter writer;
    private final List<CapturedPort> ports;
    private final List<Notes> notes = new ArrayList<>();
    private final List<Noted> ready = new ArrayList<>();
    private long packets;

    private record Noted(int interfaceNumber, long timePs, boolean outbound, long origin, byte[] bytes) {}

    /**
     * Starts the file. Ports become interfaces in rising order of their numbers.
     *
     * @param out       owned by the capture from now on
     * @param snapBytes bytes kept of each frame, 0 for all
     */
    public Capture(OutputStream out, List<CapturedPort> ports, int snapBytes) throws IOException {
        this.out = out;
        this.ports = ports.stream().sorted(Comparator.comparingInt(CapturedPort::number)).toList();
        writer = new PcapngWriter(out, snapBytes);
        for (CapturedPort port : this.ports) {
            writer.declare(port);
            notes.add(new Notes());
        }
    }

    /** What to give the fabric as the tap of port {@code number}. */
    public FrameTap tap(int number) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).number() == number) {
                return notes.get(i);
            }
        }
        throw Check.unreachable("port " + number + " is not captured here");
    }

    /** Writes what happened before {@code horizonPs}. Call it between windows. */
    public void drain(long horizonPs) throws IOException {
        for (int i = 0; i < notes.size(); i++) {
            notes.get(i).in.moveTo(ready, horizonPs, i, false);
            notes.get(i).out.moveTo(ready, horizonPs, i, true);
        }
        ready.sort(ORDER);
        for (Noted noted : ready) {
            writer.packet(noted.interfaceNumber, noted.timePs, noted.outbound, noted.origin, noted.bytes);
        }
        packets += ready.size();
        ready.clear();
    }

    /** Packets written so far. */
    public long packets() {
        return packets;
    }

    /** Writes all that is left and closes the file. */
    @Override
    public void close() throws IOException {
        try (out) {
            drain(SimTime.NEVER);
            writer.flush();
        }
    }

    /** The tap of one port: owned by the port's lane while it runs, by the capture between windows. */
    private static final class Notes implements FrameTap {
        private final Fifo in = new Fifo();
        private final Fifo out = new Fifo();

        @Override
        public void frame(long timePs, int port, boolean outbound, long origin, byte[] bytes) {
            (outbound ? out : in).add(timePs, origin, bytes);
        }
    }

    /** Frames of one port and direction, whose times never decrease. Allocates only to grow. */
    private static final class Fifo {
        private long[] times = new long[16];
        private long[] origins = new long[16];
        private byte[][] frames = new byte[16][];
        private int size;

        void add(long timePs, long origin, byte[] bytes) {
            Check.that(size == 0 || times[size - 1] <= timePs, "frames of a port go back in time", timePs);
            if (size == times.length) {
                times = Arrays.copyOf(times, 2 * size);
                origins = Arrays.copyOf(origins, 2 * size);
                frames = Arrays.copyOf(frames, 2 * size);
            }
            times[size] = timePs;
            origins[size] = origin;
            frames[size++] = bytes;
        }

        void moveTo(List<Noted> ready, long horizonPs, int interfaceNumber, boolean outbound) {
            int n = 0;
            while (n < size && times[n] < horizonPs) {
                ready.add(new Noted(interfaceNumber, times[n], outbound, origins[n], frames[n]));
                n++;
            }
            if (n > 0) {
                System.arraycopy(times, n, times, 0, size - n);
                System.arraycopy(origins, n, origins, 0, size - n);
                System.arraycopy(frames, n, frames, 0, size - n);
                Arrays.fill(frames, size - n, size, null);
                size -= n;
            }
        }
    }
}
