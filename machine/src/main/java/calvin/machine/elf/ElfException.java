package calvin.machine.elf;

/**
 * Bytes that are not an executable this machine can run. The message says what is wrong and, where there is one, what
 * would be right.
 */
public final class ElfException extends Exception {
    private static final long serialVersionUID = 1L;

    public ElfException(String message) {
        super(message);
    }
}
