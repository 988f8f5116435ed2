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

    /**
     * Writes a 32-bit word as a message-signalled interrupt does: into the device window that holds {@code pa} as a
     * store would (an IMSIC's page), else into RAM.
     *
     * @return false when {@code pa} is misaligned or neither a window nor RAM; nothing has happened then
     */
    boolean message(long pa, int data);
}
