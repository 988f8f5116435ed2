package calvin.machine.dev;

/** Takes what a machine prints, byte by byte. Observing changes nothing in the machine. */
public interface ConsoleSink {
    /** @param value 0..255 */
    void write(long timePs, int value);

    ConsoleSink NONE = (timePs, value) -> {
    };
}
