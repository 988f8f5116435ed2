package calvin.sim.state;

/** Where a component reads back what it wrote to a {@link StateWriter}, in the same order. */
public interface StateReader {
    long u64();

    void bytes(byte[] into, int offset, int length);

    /** Replaces the whole contents of {@code pages}. */
    void pages(Pages pages);

    default void u64s(long[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = u64();
        }
    }

    default byte[] blob() {
        byte[] value = new byte[Math.toIntExact(u64())];
        bytes(value, 0, value.length);
        return value;
    }
}
