package calvin.enclave;

/** A node cannot be built as specified; the message says what is wrong and what would be right. */
public final class NodeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NodeException(String message) {
        super(message);
    }
}
