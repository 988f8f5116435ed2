package calvin.experiment.run;

/** A worker cannot be reached or has gone: the run has no result. The message names it. */
public final class WorkerLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WorkerLostException(String message) {
        super(message);
    }
}
