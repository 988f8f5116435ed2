package calvin.machine.hart;

/**
 * Hears of what happens to a hart besides its instructions. Each call comes when it has happened. Observing changes
 * nothing; where nobody listens, a null test at each of these places is all it costs.
 */
public interface HartListener {
    /**
     * A trap has been taken.
     *
     * @param cause as in the cause register of the level that has taken it
     * @param value what the trap value register was given
     * @param pc    where the hart was
     * @param from  the mode it was in
     */
    void trapped(Hart hart, long cause, long value, long pc, int from);

    /** A return instruction, or a hosted kernel's return, has been done. */
    void returned(Hart hart, int from);

    /** A hosted kernel's entry begins, at the present mode. */
    void hostedEntered(Hart hart, String kernel);

    /** It is over. */
    void hostedLeft(Hart hart, String kernel);

    /** The hart waits from now on. */
    void waits(Hart hart);

    /** It does not any more; its clock has reached the time of waking. */
    void wakes(Hart hart);
}
