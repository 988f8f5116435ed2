package calvin.machine.hart;

/**
 * Which of several major interrupts for one level comes first: priority numbers, then the default order (aia 5.1,
 * tables "Effect of the iprio array").
 *
 * <p>A result has the form of mtopi, stopi and vstopi: identity in bits 27:16, priority in bits 7:0.
 */
final class AiaOrder {
    static final int IDENTITY_SHIFT = 16;
    /** Priority number of an external interrupt that no interrupt file accounts for (aia 5.4.1). */
    static final int UNACCOUNTED = 256;
    /** Nominal priority of what by default comes after external interrupts; behind every identity. */
    private static final int LOWEST = 4096;
    private static final int LOWEST_SHOWN = 255;

    /** aia 5.1: the standard interrupts and the order planned for local ones; ours: then 14, 15 and custom ones. */
    private static final int[] DEFAULT = {47, 23, 46, 45, 22, 44, 43, 21, 42, 41, 20, 40, 11, 3, 7, 9, 1, 5, 12, 10, 2,
        6, 13, 14, 15, 39, 19, 38, 37, 18, 36, 35, 17, 34, 33, 16, 32, 63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53,
        52, 51, 50, 49, 48, 31, 30, 29, 28, 27, 26, 25, 24, 8, 4, 0};
    private static final int[] RANK = new int[64];
    static {
        for (int i = 0; i < DEFAULT.length; i++) {
            RANK[DEFAULT[i]] = i;
        }
    }

    private AiaOrder() {}

    /** How urgent an interrupt with this priority number is; lower comes first. */
    static int nominal(int identity, int number, int external) {
        if (number != 0) {
            return number;
        }
        return RANK[identity] < RANK[external] ? 0 : LOWEST;
    }

    /** Whether {@code identity} comes before {@code other} when their nominal priorities are equal. */
    static boolean before(int identity, int other) {
        return RANK[identity] < RANK[other];
    }

    /** The priority to show for a nominal one (aia 5.2.2). */
    static int shown(int nominal) {
        return Math.min(nominal, LOWEST_SHOWN);
    }

    /**
     * The first of the interrupts in {@code ready}, which must not be empty.
     *
     * @param numbers        priority numbers, a byte per interrupt, eight in a word
     * @param external       the level's external interrupt: 11 or 9
     * @param externalNumber its priority number
     */
    static int top(long ready, long[] numbers, int external, int externalNumber) {
        int best = -1;
        int bestNominal = 0;
        for (long rest = ready; rest != 0; rest &= rest - 1) {
            int identity = Long.numberOfTrailingZeros(rest);
            int number = identity == external
                    ? externalNumber
                    : (int) (numbers[identity >>> 3] >>> 8 * (identity & 7)) & 0xFF;
            int nominal = nominal(identity, number, external);
            if (best < 0 || nominal < bestNominal || nominal == bestNominal && before(identity, best)) {
                best = identity;
                bestNominal = nominal;
            }
        }
        return best << IDENTITY_SHIFT | shown(bestNominal);
    }
}
