package calvin.experiment.world;

import calvin.experiment.report.RunResult.End;
import calvin.sim.event.Lanes;
import calvin.sim.time.SimTime;
import java.util.function.LongPredicate;

/**
 * Runs windows until the end that follows from the state alone, so that every way of dividing or cutting a run ends at
 * the same time (ADR 0001): the end of the last node's work, or the first failure of a node or of a rank of a job, plus
 * the lookahead, rounded up to a microsecond; or the time of {@code until}.
 *
 * <p>All processes run the same loop and agree on the end by comparing times bit by bit over {@link
 * Lanes#othersStatus()}.
 */
public final class RunLoop {
    private static final long DONE = 1;
    private static final long HEALTHY = 2;
    private static final long UNABORTED = 4;
    private static final long ROUND_PS = SimTime.PS_PER_US;
    private static final int TIME_BITS = 62;

    private final World world;
    private final Lanes lanes;
    private final long untilPs;
    private final Watcher watcher;
    private boolean begun;
    private long timePs;
    private long windows;
    private End end;
    private long endPs;

    /** Is told of every window after it has run. */
    public interface Watcher {
        void window(long horizonPs, long windows);

        Watcher NONE = (horizonPs, windows) -> {
        };
    }

    /** @param untilPs when to end at the latest */
    public RunLoop(World world, long untilPs, Watcher watcher) {
        this.world = world;
        this.lanes = world.lanes();
        this.untilPs = untilPs;
        this.watcher = watcher;
    }

    /** The time that every lane has reached. */
    public long timePs() {
        return timePs;
    }

    public long windows() {
        return windows;
    }

    /**
     * Goes on to {@code stopPs}, or to the end of the run if that comes first.
     *
     * @return why the run has ended, or null where it has only come to {@code stopPs}
     */
    public End advance(long stopPs) {
        if (!begun) {
            begun = true;
            timePs = world.timePs();
            lanes.begin(status(timePs));
            findEnd();
        }
        while (true) {
            long limit = Math.min(stopPs, end == null ? untilPs : endPs);
            if (timePs >= limit) {
                return reason();
            }
            timePs = lanes.window(limit, this::status);
            windows++;
            watcher.window(timePs, windows);
            if (end == null) {
                findEnd();
            }
        }
    }

    private End reason() {
        if (end != null && timePs >= endPs) {
            return end;
        }
        if (timePs >= untilPs) {
            return lanes.worldNextPs() == SimTime.NEVER ? End.STUCK : End.UNTIL;
        }
        return null;
    }

    private long status(long horizonPs) {
        return (world.allDone() ? DONE : 0) | (world.any(NodeUnit::failed) ? 0 : HEALTHY)
                | (world.any(NodeUnit::aborted) ? 0 : UNABORTED);
    }

    private void findEnd() {
        long all = status(timePs) & lanes.othersStatus();
        if ((all & HEALTHY) == 0 || (all & UNABORTED) == 0) {
            end = (all & HEALTHY) == 0 ? End.FAILED : End.ABORTED;
            long firstPs = world.firstFailurePs();
            endPs = endAfter(least(candidate -> firstPs >= candidate));
        } else if ((all & DONE) != 0) {
            end = End.ENDED;
            long lastPs = world.lastEndPs();
            // The largest time is where all have ended before the next one: search for the least bound from above.
            endPs = endAfter(SimTime.NEVER - least(candidate -> SimTime.NEVER - lastPs >= candidate));
        }
    }

    private long endAfter(long lastPs) {
        long earliest = SimTime.plus(lastPs, world.lookaheadPs());
        return Math.min(untilPs, (earliest + ROUND_PS - 1) / ROUND_PS * ROUND_PS);
    }

    /** The largest candidate for which every process says yes, one bit per exchange: the least of their values. */
    private long least(LongPredicate atLeast) {
        long value = 0;
        for (int bit = TIME_BITS; bit >= 0; bit--) {
            long candidate = value | 1L << bit;
            long own = atLeast.test(candidate) ? 1 : 0;
            lanes.begin(own);
            if ((own & lanes.othersStatus()) != 0) {
                value = candidate;
            }
        }
        // What the others said last was about bits; say again how this process stands.
        lanes.begin(status(timePs));
        return value;
    }
}
