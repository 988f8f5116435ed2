package calvin.machine.debug;

import calvin.machine.dev.ConsoleSink;

/** Lets through only what the machine has not printed before it went back in time. */
public final class ReplayConsole implements ConsoleSink {
    private final ConsoleSink out;
    private long count;
    private long shown;

    public ReplayConsole(ConsoleSink out) {
        this.out = out;
    }

    @Override
    public void write(long timePs, int value) {
        if (isNew()) {
            out.write(timePs, value);
        }
    }

    @Override
    public void writeError(long timePs, int value) {
        if (isNew()) {
            out.writeError(timePs, value);
        }
    }

    private boolean isNew() {
        if (++count <= shown) {
            return false;
        }
        shown = count;
        return true;
    }

    /** Bytes printed up to where the machine stands. */
    long count() {
        return count;
    }

    /** The machine stands where it had printed so many bytes. */
    void rewind(long bytes) {
        count = bytes;
    }

    /** What comes now is another future than the one that was seen. */
    void diverge() {
        shown = count;
    }
}
