package calvin.machine.jit;

/**
 * What decides when code is translated, and how much is kept. Affects speed only.
 *
 * @param period       instructions between two bursts of the interpreter's sampling
 * @param burst        instructions of a burst
 * @param threshold    sampled instructions that make a place worth a region
 * @param patience     regions with which the threshold grows by itself: the more a program has, the flatter it is
 * @param instructions the most of a region
 * @param codeBytes    the most bytecode of a region; HotSpot compiles no method of more than 8,000
 * @param regions      the most that are kept in a process
 * @param background   compile on a thread of its own, rather than at once
 */
public record Tuning(int period, int burst, int threshold, int patience, int instructions, int codeBytes,
        int regions, boolean background) {
    /**
     * A region costs HotSpot 50 to 500 ms, and the interpreter needs some 5 ns for an instruction. So it is worth
     * making after tens of millions of them: at 128 of 32,768 sampled, 65,536 samples are 17 million. That is early
     * enough for the few regions of a hot loop, and too early for the many of a kernel's boot.
     */
    public static final Tuning DEFAULT = new Tuning(32_768, 128, 65_536, 4, 400, 6_000, 4_096, true);

    /** Translates all that jumps lead to, at once: for tests. */
    public static final Tuning EAGER = new Tuning(1, 1_000, 1, Integer.MAX_VALUE, 400, 6_000, 4_096, false);
}
