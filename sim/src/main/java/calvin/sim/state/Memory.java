package calvin.sim.state;

/**
 * Little-endian bytes at {@code long} addresses: the port through which all state is read and written.
 *
 * <p>Accesses need no alignment. An implementation decides what an address means and what happens outside its range; a
 * {@link Block} treats that as a bug of the simulator, a machine's physical memory models it.
 */
public interface Memory {
    int u8(long at);

    void u8(long at, int value);

    int u16(long at);

    void u16(long at, int value);

    /** The 32-bit word at {@code at}, zero-extended. */
    long u32(long at);

    void u32(long at, long value);

    long u64(long at);

    void u64(long at, long value);

    /** Copies {@code length} bytes from {@code at} into {@code into[offset..]}. */
    void read(long at, byte[] into, int offset, int length);

    /** Copies {@code length} bytes from {@code from[offset..]} to {@code at}. */
    void write(long at, byte[] from, int offset, int length);

    /** Clears {@code bytes} bytes. */
    default void zero(long at, long bytes) {
        long done = 0;
        for (; done + 8 <= bytes; done += 8) {
            u64(at + done, 0);
        }
        for (; done < bytes; done++) {
            u8(at + done, 0);
        }
    }
}
