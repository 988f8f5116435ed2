package calvin.sim.check;

/**
 * States invariants of the simulator itself. A failed check is a bug in Calvin, never a mistake of a guest or a user.
 */
public final class Check {
    private Check() {}

    public static void that(boolean condition, String message) {
        if (!condition) {
            throw new BugException(message);
        }
    }

    public static void that(boolean condition, String message, long value) {
        if (!condition) {
            throw new BugException(message + ": " + value + " (0x" + Long.toHexString(value) + ")");
        }
    }

    public static void that(boolean condition, String message, long left, long right) {
        if (!condition) {
            throw new BugException(message + ": " + left + " (0x" + Long.toHexString(left) + "), " + right + " (0x"
                    + Long.toHexString(right) + ")");
        }
    }

    public static void that(boolean condition, String message, Object value) {
        if (!condition) {
            throw new BugException(message + ": " + value);
        }
    }

    /** The exception for code that cannot be reached; written as {@code throw Check.unreachable("…")}. */
    public static BugException unreachable(String message) {
        return new BugException(message);
    }
}
