package calvin.machine.timing;

import calvin.machine.mmu.WalkListener;
import calvin.sim.state.Derived;

/**
 * The page-table entries that one translation reads, in order: what the walker of the machine wrote down, and the
 * model prices. Two-stage Sv57 reads at most 35.
 */
public final class WalkTrace implements WalkListener {
    /** Five levels, each behind a walk of five, and a last walk of five. */
    public static final int MAX = 35;

    @Derived(from = "the walk in progress")
    private final long[] entryPa = new long[MAX];
    @Derived(from = "the walk in progress")
    private final boolean[] guest = new boolean[MAX];
    @Derived(from = "the walk in progress")
    private final boolean[] leaf = new boolean[MAX];
    @Derived(from = "the walk in progress")
    private int count;

    public void clear() {
        count = 0;
    }

    @Override
    public void entry(long pa, boolean ofGuest, boolean isLeaf) {
        if (count < MAX) {
            entryPa[count] = pa;
            guest[count] = ofGuest;
            leaf[count] = isLeaf;
            count++;
        }
    }

    int count() {
        return count;
    }

    long entryPa(int i) {
        return entryPa[i];
    }

    boolean guest(int i) {
        return guest[i];
    }

    boolean leaf(int i) {
        return leaf[i];
    }
}
