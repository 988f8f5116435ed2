package calvin.machine.debug;

/**
 * Why the machine stands still.
 *
 * @param hart     the hart it happened to
 * @param watchVa  the first byte of the watched range that was hit, for the kinds that begin with WATCH
 */
public record StopEvent(Kind kind, int hart, long watchVa) {
    /** What happened. */
    public enum Kind {
        /** The hart is at an address where it is to stop. */
        BREAKPOINT,
        /** It has written to a watched range; going back, it is about to. */
        WATCH_WRITE,
        WATCH_READ,
        /** It has read from or written to a range that is watched for both. */
        WATCH_ACCESS,
        /** The step is done. */
        STEP,
        /** Somebody asked for it. */
        INTERRUPTED,
        /** The machine was turned off or a kernel gave up: see its status. It can only go back. */
        ENDED,
        /** Nothing earlier is known. */
        HISTORY_BEGINS
    }

    static StopEvent of(Kind kind, int hart) {
        return new StopEvent(kind, hart, 0);
    }

    public boolean isWatch() {
        return kind == Kind.WATCH_WRITE || kind == Kind.WATCH_READ || kind == Kind.WATCH_ACCESS;
    }
}
