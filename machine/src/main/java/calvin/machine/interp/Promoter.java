package calvin.machine.interp;

/**
 * Whom the interpreter tells where its time goes, so that hot code is translated. Owned by a machine's lane, shared by
 * its harts. Nothing it does changes what a guest can observe.
 */
public interface Promoter {
    /** How the interpreter samples: {@code burst} single steps after every {@code period} instructions. */
    record Sampling(int period, int burst) {}

    /** How often to sample. */
    Sampling sampling();

    /**
     * A backward jump, a call or a return arrived at a halfword of a page. May link regions to the page.
     *
     * @param weight instructions executed since the last such jump
     */
    void reached(CodePage page, int halfword, int weight);

    /** Changes whenever a region was linked to a page. */
    long links();

    /** Called once per sampling period: links what has been translated meanwhile. */
    void poll();
}
