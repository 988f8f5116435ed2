package calvin.machine.timing;

import calvin.sim.state.Derived;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.Arrays;

/**
 * What one hart waits for. It issues in order, at most one instruction a cycle. A load that misses does not stop it;
 * the first instruction that reads the result does, and so does running out of entries for misses or stores. So
 * independent misses overlap, and a chain of dependent loads takes the sum of its latencies.
 */
final class Pipeline {
    private static final long NO_LINE = -1;
    private static final long NO_PC = 1;

    /** When each register's value is there. */
    private final long[] readyPs = new long[Operands.REGISTERS];
    /** When each entry for a miss is free again. */
    private final long[] missPs;
    /** When each entry of the store buffer is. */
    private final long[] storePs;
    /** {@code [0]} is the line fetched last. */
    private final long[] fetchLine = {NO_LINE};
    /** {@code [0]} is the address of the instruction that has been waited for and not been executed; odd for none. */
    private final long[] waitedFor = {NO_PC};
    @Derived(from = "nothing: used within one instruction")
    private long loadedPs;
    @Derived(from = "nothing: used within one instruction")
    private long stalledPs;

    Pipeline(TimingSpec spec) {
        missPs = new long[spec.outstandingMisses()];
        storePs = new long[spec.storeEntries()];
    }

    /** Whether {@code line} is another one than that of the instruction before. */
    boolean newLine(long line) {
        if (fetchLine[0] == line) {
            return false;
        }
        fetchLine[0] = line;
        return true;
    }

    long operandsPs(long slot) {
        return Operands.readyPs(slot, readyPs, 0);
    }

    /** Whether the instruction has been waited for already; from now on it has. */
    boolean waitedFor(long pc) {
        if (waitedFor[0] == pc) {
            return true;
        }
        waitedFor[0] = pc;
        return false;
    }

    void begin() {
        loadedPs = 0;
        stalledPs = 0;
    }

    /** A load's data arrives after {@code latencyPs}; {@code hitPs} is what the first-level cache takes. */
    void load(long nowPs, long latencyPs, long hitPs) {
        long arrivesPs = nowPs + latencyPs;
        if (latencyPs > hitPs) {
            arrivesPs = enter(missPs, nowPs, latencyPs);
        }
        loadedPs = Math.max(loadedPs, arrivesPs);
    }

    void store(long nowPs, long latencyPs) {
        enter(storePs, nowPs, latencyPs);
    }

    /** Takes the entry that is free first, waiting for it; returns when what was entered is done. */
    private long enter(long[] entries, long nowPs, long latencyPs) {
        int first = 0;
        for (int i = 1; i < entries.length; i++) {
            if (entries[i] < entries[first]) {
                first = i;
            }
        }
        long startPs = Math.max(nowPs, entries[first]);
        stalledPs = Math.max(stalledPs, startPs - nowPs);
        entries[first] = startPs + latencyPs;
        return entries[first];
    }

    /**
     * The instruction is done: its result is ready {@code resultPs} after {@code nowPs}, or when its load arrives.
     *
     * @param serial the hart waits for the result itself, as for an atomic
     * @return how long the hart stands still, in picoseconds
     */
    long end(long slot, long nowPs, long resultPs, boolean serial) {
        waitedFor[0] = NO_PC;
        long ready = Math.max(loadedPs, nowPs + resultPs);
        readyPs[Operands.target(slot)] = ready;
        return serial ? Math.max(stalledPs, ready - nowPs) : stalledPs;
    }

    /** Until everything under way is done: what a fence waits for. */
    long drainPs(long nowPs) {
        long donePs = nowPs;
        for (long at : missPs) {
            donePs = Math.max(donePs, at);
        }
        for (long at : storePs) {
            donePs = Math.max(donePs, at);
        }
        return donePs - nowPs;
    }

    /** A trap or a hosted kernel: what comes next starts from an empty pipeline. */
    void restart() {
        Arrays.fill(readyPs, 0);
        fetchLine[0] = NO_LINE;
        waitedFor[0] = NO_PC;
    }

    void save(StateWriter out) {
        out.u64s(readyPs);
        out.u64s(missPs);
        out.u64s(storePs);
        out.u64s(fetchLine);
        out.u64s(waitedFor);
    }

    void load(StateReader in) {
        in.u64s(readyPs);
        in.u64s(missPs);
        in.u64s(storePs);
        in.u64s(fetchLine);
        in.u64s(waitedFor);
    }
}
