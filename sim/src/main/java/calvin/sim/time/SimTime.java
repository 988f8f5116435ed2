package calvin.sim.time;

import java.util.Locale;

/**
 * Arithmetic and printing of virtual time: a {@code long} of picoseconds since the start of the experiment, at most 106
 * days.
 */
public final class SimTime {
    public static final long PS_PER_NS = 1_000L;
    public static final long PS_PER_US = 1_000_000L;
    public static final long PS_PER_MS = 1_000_000_000L;
    public static final long PS_PER_S = 1_000_000_000_000L;

    /** Later than any event: "not before something else happens". */
    public static final long NEVER = Long.MAX_VALUE;

    private SimTime() {}

    /** {@code timePs + spanPs}, or {@link #NEVER} where that would overflow. Both must not be negative. */
    public static long plus(long timePs, long spanPs) {
        long sum = timePs + spanPs;
        return sum < 0 ? NEVER : sum;
    }

    /** The time with a unit a person would choose, for example {@code 1.234 us}. */
    public static String format(long timePs) {
        if (timePs == NEVER) {
            return "never";
        }
        long size = Math.abs(timePs);
        if (size < PS_PER_NS) {
            return timePs + " ps";
        }
        if (size < PS_PER_US) {
            return String.format(Locale.ROOT, "%.3f ns", timePs / 1e3);
        }
        if (size < PS_PER_MS) {
            return String.format(Locale.ROOT, "%.3f us", timePs / 1e6);
        }
        if (size < PS_PER_S) {
            return String.format(Locale.ROOT, "%.3f ms", timePs / 1e9);
        }
        return String.format(Locale.ROOT, "%.3f s", timePs / 1e12);
    }
}
