package calvin.machine.debug;

import calvin.machine.hart.Watches;

/**
 * A range of bytes whose accesses stop the machine, whichever hart makes them.
 *
 * @param physical whether {@code from} is a physical address; otherwise a virtual one, of any address space
 * @param bytes    length, at least 1
 */
public record Watch(Kind kind, boolean physical, long from, long bytes) {
    /** The accesses that count. */
    public enum Kind {
        WRITE(Watches.WRITE, StopEvent.Kind.WATCH_WRITE),
        READ(Watches.READ, StopEvent.Kind.WATCH_READ),
        ACCESS(Watches.READ | Watches.WRITE, StopEvent.Kind.WATCH_ACCESS);

        final int bits;
        final StopEvent.Kind event;

        Kind(int bits, StopEvent.Kind event) {
            this.bits = bits;
            this.event = event;
        }
    }

    Watches.Range range() {
        return new Watches.Range(physical, from, bytes, kind.bits);
    }
}
