package calvin.machine.trace;

/**
 * Hears of each instruction of a hart. The {@link Commit} is the same object each time: take what is needed out of it.
 */
public interface CommitListener {
    /** The instruction has been retired. */
    void committed(Commit commit);

    /**
     * The instruction at {@code commit.pc()} has had no effect but an exception, or an interrupt has come before it;
     * {@code commit} says nothing about effects.
     *
     * @param cause as in the cause register of the level that has taken it, except that an interrupt has its own code
     * @param value what the trap value register was given
     */
    void trapped(Commit commit, long cause, long value);
}
