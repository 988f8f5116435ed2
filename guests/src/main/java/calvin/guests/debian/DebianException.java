package calvin.guests.debian;

/** A guest cannot be built; the message tells the user why, and what would help. */
public final class DebianException extends Exception {
    private static final long serialVersionUID = 1L;

    DebianException(String message) {
        super(message);
    }
}
