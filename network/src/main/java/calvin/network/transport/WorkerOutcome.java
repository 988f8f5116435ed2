package calvin.network.transport;

/**
 * How a worker ended.
 *
 * @param text for DONE what the worker said (JSON), else what went wrong
 */
public record WorkerOutcome(int worker, Status status, String text) {
    /** DONE and ERROR are the worker's own words; LOST means that it is gone without any. */
    public enum Status {
        DONE,
        ERROR,
        LOST
    }
}
