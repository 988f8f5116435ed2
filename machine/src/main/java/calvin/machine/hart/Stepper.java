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
}
