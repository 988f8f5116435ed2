package calvin.sim.seed;

/**
 * A node in the tree of seeds. A component asks for the child that names it and its purpose ({@code
 * seed.child("link/3/loss")}), so adding a component never shifts another one's stream.
 *
 * <p>Mixing is SplitMix64's finalizer (Steele, Lea and Flood, OOPSLA 2014); a path is folded in byte by byte with
 * FNV-1a first.
 */
public record Seed(long value) {
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    /** The seed of the component and purpose that {@code path} names. */
    public Seed child(String path) {
        long hash = 0xCBF2_9CE4_8422_2325L;
        for (int i = 0; i < path.length(); i++) {
            hash = (hash ^ path.charAt(i)) * 0x0000_0100_0000_01B3L;
        }
        return new Seed(mix(value + mix(hash + GOLDEN)));
    }

    /** The seed of the {@code index}-th member of a family. */
    public Seed child(long index) {
        return new Seed(mix(value + mix(index * GOLDEN + 1)));
    }

    /**
     * Draw number {@code ordinal}: a function of seed and ordinal alone, so draws may be made in any order and on any
     * thread.
     */
    public long draw(long ordinal) {
        return mix(value + (ordinal + 1) * GOLDEN);
    }

    /**
     * Draw number {@code ordinal}, uniform in {@code [0, bound)} (Lemire's multiply-shift; bias below 2^-32 for bounds
     * below 2^32).
     */
    public long drawBelow(long ordinal, long bound) {
        return Math.unsignedMultiplyHigh(draw(ordinal), bound);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
