package calvin.machine.jit;

/**
 * What a {@link RegionCache} has done.
 *
 * @param made    regions translated
 * @param dropped regions forgotten to make room
 * @param waiting places that are to be translated and have not been
 */
public record RegionStats(long made, long dropped, int waiting) {}
