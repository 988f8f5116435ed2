package calvin.machine.disk;

/** An image that cannot be used; the message says why. */
public final class DiskException extends Exception {
    public DiskException(String message) {
        super(message);
    }
}
