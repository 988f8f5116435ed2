package calvin.machine.bus;

/** Hears of accesses to devices. Observing changes nothing. */
public interface BusListener {
    /** An access has been done. {@code value} is what was read or written, zero-extended. */
    void accessed(Device device, boolean store, long timePs, long pa, int widthBytes, long value);
}
