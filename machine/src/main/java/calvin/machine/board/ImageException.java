package calvin.machine.board;

/** Why a file cannot be booted, as a predicate of its name. */
public final class ImageException extends Exception {
    public ImageException(String message) {
        super(message);
    }
}
