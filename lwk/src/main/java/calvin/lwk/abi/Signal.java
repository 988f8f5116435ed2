package calvin.lwk.abi;

/** Signals of Linux and what happens on each if a program has said nothing (signal(7)). */
public enum Signal {
    // @formatter:off
    SIGHUP   ( 1, true),  SIGINT   ( 2, true),  SIGQUIT  ( 3, true),  SIGILL   ( 4, true),
    SIGTRAP  ( 5, true),  SIGABRT  ( 6, true),  SIGBUS   ( 7, true),  SIGFPE   ( 8, true),
    SIGKILL  ( 9, true),  SIGUSR1  (10, true),  SIGSEGV  (11, true),  SIGUSR2  (12, true),
    SIGPIPE  (13, true),  SIGALRM  (14, true),  SIGTERM  (15, true),  SIGSTKFLT(16, true),
    SIGCHLD  (17, false), SIGCONT  (18, false), SIGSTOP  (19, false), SIGTSTP  (20, false),
    SIGTTIN  (21, false), SIGTTOU  (22, false), SIGURG   (23, false), SIGXCPU  (24, true),
    SIGXFSZ  (25, true),  SIGVTALRM(26, true),  SIGPROF  (27, true),  SIGWINCH (28, false),
    SIGIO    (29, true),  SIGPWR   (30, true),  SIGSYS   (31, true);
    // @formatter:on

    private static final Signal[] ALL = values();

    public final int number;
    /** Whether it ends the program by default; the others are ignored here (there is no job control). */
    public final boolean fatal;

    Signal(int number, boolean fatal) {
        this.number = number;
        this.fatal = fatal;
    }

    /** Whether a signal ends a program that does nothing about it. Real-time signals do. */
    public static boolean isFatal(int number) {
        return number > ALL.length || number >= 1 && ALL[number - 1].fatal;
    }

    public static String name(int number) {
        return number >= 1 && number <= ALL.length ? ALL[number - 1].name() : "signal " + number;
    }
}
