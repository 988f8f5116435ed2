package calvin.machine.hosted;

/** How a hart goes on after a hosted kernel's entry. */
public enum Resume {
    /** As xRET does: to xepc, in the mode that xstatus (and hstatus.SPV) names. */
    RETURN,
    /**
     * Nothing to run: wait in {@link HostedVector#IDLE} with interrupts enabled until one of this level's is pending.
     */
    IDLE,
    /** This hart stops for good. */
    HALT,
    /** The kernel found itself inconsistent ({@link HartPort#panic}); the machine stops, the experiment goes on. */
    PANIC
}
