package calvin.machine.gdb;

/** A packet that cannot be understood; it is answered with an error. */
final class BadPacket extends Exception {
    private static final long serialVersionUID = 1L;

    BadPacket(String what) {
        super(what);
    }
}
