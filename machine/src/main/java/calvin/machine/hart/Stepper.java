package calvin.machine.hart;

/** Looks at a hart between its instructions, which then runs one instruction at a time (ADR 8). */
public interface Stepper {
    /**
     * The instruction or hosted entry at {@code pc} comes next; an interrupt that was due has been taken. Registers and
     * memory may be changed.
     *
     * @return false to leave the run loop without executing it, as {@link HartUnit#hold} does
     */
    boolean before(Hart hart);

    /**
     * What {@link #before} saw at {@code pc} has been done, or has trapped into where the hart is now.
     *
     * @param exception code of the exception that was taken, or -1 where the instruction has been retired
     */
    default void after(Hart hart, int exception) {}

    /**
     * The interrupt has been taken: the hart is at its handler.
     *
     * @param interrupt code of the interrupt
     */
    default void interrupted(Hart hart, int interrupt) {}
}
