package calvin.sim.event;

import calvin.sim.check.Check;
import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.time.SimTime;
import java.util.Arrays;

/**
 * The pending events of one lane, in the total order (time, rank, source, sequence). Two events with one key, and an
 * event before the last one taken, are bugs of the simulator and throw.
 *
 * <p>Events are primitives in parallel arrays, so that the queue is saved like memory; {@link #save} writes them in
 * their order, which makes equal queues equal bytes whatever the heap looks like. A push or a take costs O(log n) and
 * allocates nothing once the arrays have grown.
 */
public final class EventQueue {
    /** Ranks order events of one time. Frames come first: what reaches a port is there before anyone looks. */
    public static final int RANK_FRAME = 0;
    /** Work of devices and switches. */
    public static final int RANK_DEVICE = 1;
    /** Timers that software reads. */
    public static final int RANK_TIMER = 2;

    @Published
    private int size;
    @Published
    private long nowPs;
    @Published
    private int[] heap = new int[16];
    @Published
    private long[] times = new long[16];
    @Published
    private int[] ranks = new int[16];
    @Published
    private int[] sources = new int[16];
    @Published
    private long[] sequences = new long[16];
    @Published
    private int[] targets = new int[16];
    @Published
    private int[] kinds = new int[16];
    @Published
    private long[] as = new long[16];
    @Published
    private long[] bs = new long[16];
    @Published
    private byte[][] payloads = new byte[16][];
    @Published
    private int taken;

    public EventQueue() {
        for (int i = 0; i < heap.length; i++) {
            heap[i] = i;
        }
    }

    public int size() {
        return size;
    }

    /** Time of the event taken last. */
    public long nowPs() {
        return nowPs;
    }

    /** Time of the next event, or {@link SimTime#NEVER}. */
    public long nextTimePs() {
        return size == 0 ? SimTime.NEVER : times[heap[0]];
    }

    /**
     * @param source   who made the event; with {@code sequence} unique among pending events of its rank
     * @param sequence the source's own count
     * @param target   index of the {@link EventTarget} in the lane
     */
    public void push(long timePs, int rank, int source, long sequence, int target, int kind, long a, long b,
            byte[] payload) {
        Check.that(timePs >= nowPs, "event lies before the lane's time", timePs, nowPs);
        Check.that(timePs != SimTime.NEVER, "event has no time");
        if (size == heap.length) {
            grow();
        }
        int slot = heap[size];
        times[slot] = timePs;
        ranks[slot] = rank;
        sources[slot] = source;
        sequences[slot] = sequence;
        targets[slot] = target;
        kinds[slot] = kind;
        as[slot] = a;
        bs[slot] = b;
        payloads[slot] = payload;
        size++;
        up(size - 1);
    }

    /**
     * Takes the next event off; its fields are then read by {@link #target()} and its siblings until the next call of
     * any mutator.
     */
    public void take() {
        Check.that(size > 0, "take from an empty queue");
        taken = removeAt(0);
        nowPs = times[taken];
    }

    public int target() {
        return targets[taken];
    }

    public int kind() {
        return kinds[taken];
    }

    public long a() {
        return as[taken];
    }

    public long b() {
        return bs[taken];
    }

    public byte[] payload() {
        return payloads[taken];
    }

    /** Removes the pending event with this rank, source and sequence, if there is one. Costs O(n). */
    public boolean cancel(int rank, int source, long sequence) {
        for (int i = 0; i < size; i++) {
            int slot = heap[i];
            if (ranks[slot] == rank && sources[slot] == source && sequences[slot] == sequence) {
                removeAt(i);
                payloads[slot] = null;
                return true;
            }
        }
        return false;
    }

    /** Removes all pending events with this rank and source, as when a device is reset. Costs O(n). */
    public void cancelAll(int rank, int source) {
        int kept = 0;
        int end = size;
        for (int i = 0; i < end; i++) {
            int slot = heap[i];
            if (ranks[slot] == rank && sources[slot] == source) {
                payloads[slot] = null;
                size--;
            } else {
                heap[i] = heap[kept];
                heap[kept++] = slot;
            }
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            down(i);
        }
    }

    public void save(StateWriter out) {
        out.u64(nowPs);
        out.u64(size);
        int[] sorted = Arrays.copyOf(heap, size);
        sort(sorted);
        for (int slot : sorted) {
            out.u64(times[slot]);
            out.u64(ranks[slot]);
            out.u64(sources[slot]);
            out.u64(sequences[slot]);
            out.u64(targets[slot]);
            out.u64(kinds[slot]);
            out.u64(as[slot]);
            out.u64(bs[slot]);
            out.u64(payloads[slot] == null ? 0 : 1);
            if (payloads[slot] != null) {
                out.blob(payloads[slot]);
            }
        }
    }

    public void load(StateReader in) {
        size = 0;
        Arrays.fill(payloads, null);
        nowPs = in.u64();
        long count = in.u64();
        for (long i = 0; i < count; i++) {
            long timePs = in.u64();
            int rank = (int) in.u64();
            int source = (int) in.u64();
            long sequence = in.u64();
            int target = (int) in.u64();
            int kind = (int) in.u64();
            long a = in.u64();
            long b = in.u64();
            byte[] payload = in.u64() == 0 ? null : in.blob();
            push(timePs, rank, source, sequence, target, kind, a, b, payload);
        }
    }

    /** Takes heap entry {@code i} out and returns its slot, whose fields stay readable until it is used again. */
    private int removeAt(int i) {
        int slot = heap[i];
        size--;
        heap[i] = heap[size];
        heap[size] = slot;
        if (i < size) {
            down(i);
            up(i);
        }
        return slot;
    }

    private void up(int i) {
        int slot = heap[i];
        while (i > 0) {
            int parent = (i - 1) >>> 1;
            if (!before(slot, heap[parent])) {
                break;
            }
            heap[i] = heap[parent];
            i = parent;
        }
        heap[i] = slot;
    }

    private void down(int i) {
        int slot = heap[i];
        for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], slot)) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = slot;
    }

    private boolean before(int left, int right) {
        if (times[left] != times[right]) {
            return times[left] < times[right];
        }
        if (ranks[left] != ranks[right]) {
            return ranks[left] < ranks[right];
        }
        if (sources[left] != sources[right]) {
            return sources[left] < sources[right];
        }
        Check.that(sequences[left] != sequences[right], "two events have one key", times[left], sequences[left]);
        return sequences[left] < sequences[right];
    }

    /** Heapsort of slots by event order; the arrays are small and this runs only when state is saved. */
    private void sort(int[] slots) {
        for (int n = slots.length, i = n / 2 - 1; i >= 0; i--) {
            sift(slots, i, n);
        }
        for (int n = slots.length - 1; n > 0; n--) {
            int last = slots[n];
            slots[n] = slots[0];
            slots[0] = last;
            sift(slots, 0, n);
        }
    }

    private void sift(int[] slots, int i, int n) {
        int slot = slots[i];
        for (int child = 2 * i + 1; child < n; child = 2 * i + 1) {
            if (child + 1 < n && before(slots[child], slots[child + 1])) {
                child++;
            }
            if (!before(slot, slots[child])) {
                break;
            }
            slots[i] = slots[child];
            i = child;
        }
        slots[i] = slot;
    }

    private void grow() {
        int n = heap.length * 2;
        int old = heap.length;
        heap = Arrays.copyOf(heap, n);
        times = Arrays.copyOf(times, n);
        ranks = Arrays.copyOf(ranks, n);
        sources = Arrays.copyOf(sources, n);
        sequences = Arrays.copyOf(sequences, n);
        targets = Arrays.copyOf(targets, n);
        kinds = Arrays.copyOf(kinds, n);
        as = Arrays.copyOf(as, n);
        bs = Arrays.copyOf(bs, n);
        payloads = Arrays.copyOf(payloads, n);
        for (int i = old; i < n; i++) {
            heap[i] = i;
        }
    }
}
