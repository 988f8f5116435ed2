package calvin.machine.hart;

import calvin.sim.state.Derived;
import java.util.ArrayList;
import java.util.List;

/**
 * Address ranges of one hart whose loads and stores somebody wants to hear of (ADR 8). A page that a range touches
 * never enters the TLB, so each access to it takes the slow path, which asks here. Without ranges nothing costs
 * anything.
 *
 * <p>Heard of: loads, stores and atomics of guest code (an atomic as a read and as a write), cache block operations as
 * writes, and accesses of hosted kernels. Not heard of: fetches, page-table walks, devices that write RAM.
 *
 * <p>Watches belong to a debugger: they are neither hashed nor saved, and change nothing that is computed.
 */
public final class Watches {
    public static final int READ = 1;
    public static final int WRITE = 2;

    /**
     * A range of bytes.
     *
     * @param physical whether addresses are physical; otherwise virtual ones of whatever address space is in use
     * @param from     first byte
     * @param bytes    length, at least 1
     * @param kinds    {@link #READ}, {@link #WRITE} or both
     */
    public record Range(boolean physical, long from, long bytes, int kinds) {
        private boolean touches(long address, long length) {
            return address - from < 0 ? from - address < length : address - from < bytes;
        }
    }

    /** Hears of accesses. */
    public interface Listener {
        /**
         * An access that touches {@code range} is permitted and about to be done. It is done in any case; who wants
         * the hart to stop behind its instruction calls {@link HartUnit#hold}.
         *
         * @param kind {@link #READ} or {@link #WRITE}
         */
        void accessed(Hart hart, Range range, int kind, long va, long pa, int bytes);
    }

    private final Hart hart;
    private final Runnable changed;
    @Derived(from = "the debugger")
    private final List<Range> ranges = new ArrayList<>();
    @Derived(from = "the debugger")
    private Listener listener = (of, range, kind, va, pa, bytes) -> {
    };

    /** @param changed drops the hart's TLB */
    Watches(Hart hart, Runnable changed) {
        this.hart = hart;
        this.changed = changed;
    }

    public void setListener(Listener value) {
        listener = value;
    }

    public void add(Range range) {
        ranges.add(range);
        changed.run();
    }

    /** Takes one range that equals {@code range} away; false when there is none. */
    public boolean remove(Range range) {
        boolean found = ranges.remove(range);
        changed.run();
        return found;
    }

    public void clear() {
        ranges.clear();
        changed.run();
    }

    /** Whether some range touches the page that {@code va} and {@code pa} lie in. */
    boolean onPage(long va, long pa) {
        for (int i = 0; i < ranges.size(); i++) {
            Range range = ranges.get(i);
            if (range.touches((range.physical ? pa : va) & ~4095L, 4096)) {
                return true;
            }
        }
        return false;
    }

    /** Tells of an access with {@code kinds}. */
    void accessed(int kinds, long va, long pa, int bytes) {
        for (int i = 0; i < ranges.size(); i++) {
            Range range = ranges.get(i);
            int heard = kinds & range.kinds;
            if (heard != 0 && range.touches(range.physical ? pa : va, bytes)) {
                if ((heard & READ) != 0) {
                    listener.accessed(hart, range, READ, va, pa, bytes);
                }
                if ((heard & WRITE) != 0) {
                    listener.accessed(hart, range, WRITE, va, pa, bytes);
                }
            }
        }
    }
}
