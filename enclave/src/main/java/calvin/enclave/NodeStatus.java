package calvin.enclave;

/**
 * Where a node stands.
 *
 * @param state   what it does
 * @param code    exit code where {@code state} is {@code ENDED}: the first one that is not 0 of its tasks, its kernel's
 *                or its program's; else 0
 * @param message what happened where {@code state} is {@code FAILED}, else empty
 */
public record NodeStatus(State state, int code, String message) {
    /** The three things a node can do. */
    public enum State {
        /** It runs, or waits for something. */
        RUNNING,
        /** All its work is done. */
        ENDED,
        /** A kernel panicked, or a virtual machine ended in error. */
        FAILED
    }
}
