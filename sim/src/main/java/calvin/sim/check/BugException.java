package calvin.sim.check;

/**
 * An invariant of the simulator does not hold. The command line reports it with the command that reproduces it and
 * exits with 3.
 */
public final class BugException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BugException(String message) {
        super(message);
    }
}
