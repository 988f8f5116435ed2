package calvin.sim.state;

/** Where a component writes its state: a hash, a snapshot in memory, or a file. */
public interface StateWriter {
    void u64(long value);

    void bytes(byte[] from, int offset, int length);

    /** Sparse paged memory; all-zero pages and absent pages are the same state. */
    void pages(Pages pages);

    default void u64s(long[] values) {
        for (long value : values) {
            u64(value);
        }
    }

    /** A byte string of variable length. */
    default void blob(byte[] value) {
        u64(value.length);
        bytes(value, 0, value.length);
    }
}
