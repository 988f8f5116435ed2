package calvin.machine.dev;

/** Takes what a machine prints, byte by byte. Observing changes nothing in the machine. */
public interface ConsoleSink {
    /** @param value 0..255 */
    void write(long timePs, int value);

    /** The same for the port that error output goes to; in the order of the other bytes. */
    default void writeError(long timePs, int value) {
        write(timePs, value);
    }

    ConsoleSink NONE = (timePs, value) -> {
    };
}
