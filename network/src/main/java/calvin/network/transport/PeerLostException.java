package calvin.network.transport;

/**
 * Another process of the run cannot be reached, has gone, or does not follow the protocol. The message names it and
 * says why.
 */
public final class PeerLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PeerLostException(String message) {
        super(message);
    }
}
