package calvin.machine.timing;

/** How the model learns what the page walker of a hart would read. */
public interface PageWalks {
    /**
     * Walks for {@code va} as the hart's present mode does, changing nothing, and writes down the entries read.
     *
     * @return binary logarithm of the size of the page found, or 0 when there is none
     */
    int walk(long va, boolean instruction, WalkTrace trace);
}
