package calvin.machine.nic.verbs;

/** What STATUS says after a command: 0 or a positive errno. */
final class Errno {
    static final int OK = 0;
    static final int ENOENT = 2;
    static final int ENOMEM = 12;
    static final int EBUSY = 16;
    static final int EINVAL = 22;

    private Errno() {}
}
