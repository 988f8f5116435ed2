package calvin.machine.timing;

import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * Something that takes a fixed time for each line it carries: a channel's data bus, a link. Harts take turns in slices,
 * so requests do not come in the order of their times; what is kept is therefore how many lines each window of time
 * carries, and a request waits for the first window with room. Delays below a window are not seen.
 */
final class Throughput {
    /** Length of a window. */
    static final long WINDOW_PS = 100_000;
    /** Windows remembered; a request that is later than all of them finds them empty again. */
    private static final int WINDOWS = 64;

    private final int capacity;
    /** Number of the window that each place counts. */
    private final long[] window = new long[WINDOWS];
    private final long[] carried = new long[WINDOWS];

    /** @param linePs time that one line takes */
    Throughput(long linePs) {
        capacity = (int) Math.max(1, WINDOW_PS / Math.max(1, linePs));
    }

    /** Books one line and returns how long it has to wait, in picoseconds. */
    long reserve(long nowPs) {
        long number = nowPs / WINDOW_PS;
        for (int i = 0; i < WINDOWS; i++, number++) {
            int at = (int) (number % WINDOWS);
            if (window[at] > number) {
                continue; // the place counts a later window by now
            }
            if (window[at] < number) {
                window[at] = number;
                carried[at] = 0;
            }
            if (carried[at] < capacity) {
                carried[at]++;
                return Math.max(0, number * WINDOW_PS - nowPs);
            }
        }
        return WINDOWS * WINDOW_PS;
    }

    void save(StateWriter out) {
        out.u64s(window);
        out.u64s(carried);
    }

    void load(StateReader in) {
        in.u64s(window);
        in.u64s(carried);
    }
}
