package calvin.experiment.boot;

/**
 * Keeps virtual time from running ahead of the wall clock, so that a guest's {@code sleep 1} takes a second. A guest
 * that has fallen behind does not catch up: a second is never shorter than a second.
 */
final class Pace {
    private static final long PS_PER_NS = 1000;
    private static final long NS_PER_MS = 1_000_000;
    private static final long LONGEST_MS = 10;

    private long wallNs = System.nanoTime();
    private long virtualPs;

    Pace(long virtualPs) {
        this.virtualPs = virtualPs;
    }

    /** How long to wait now that virtual time has come to {@code nowPs}, in milliseconds: 0 to 10. */
    long waitMs(long nowPs) {
        long aheadNs = (nowPs - virtualPs) / PS_PER_NS - (System.nanoTime() - wallNs);
        if (aheadNs < 0) {
            wallNs = System.nanoTime();
            virtualPs = nowPs;
            return 0;
        }
        return Math.min(LONGEST_MS, aheadNs / NS_PER_MS);
    }
}
