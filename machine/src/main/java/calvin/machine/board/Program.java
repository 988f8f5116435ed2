package calvin.machine.board;

/**
 * What a machine is started with, and again after each restart: puts files into memory, which is zero, and starts
 * harts. Always does the same.
 */
@FunctionalInterface
public interface Program {
    /** @throws IllegalStateException if it does not fit, which {@link Machine#boot} finds out first */
    void start(Machine machine);
}
