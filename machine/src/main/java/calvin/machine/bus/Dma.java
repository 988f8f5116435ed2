package calvin.machine.bus;

/**
 * A bus master's access to physical memory. It moves bytes at once; how long that takes is the device's to model.
 * Writes make overlapping LR reservations and decoded code invalid, as a hart's stores do.
 */
public interface Dma {
    /** False when any byte is not RAM; nothing is promised about {@code into} then. */
    boolean read(long pa, byte[] into, int offset, int length);

    /** False when any byte is not RAM; memory is then as it was. */
    boolean write(long pa, byte[] from, int offset, int length);
}
