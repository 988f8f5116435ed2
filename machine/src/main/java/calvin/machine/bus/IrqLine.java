package calvin.machine.bus;

/** An interrupt wire, given to a device that does not know where it leads. */
public interface IrqLine {
    void set(boolean high);

    /** Not connected. */
    IrqLine NONE = high -> {
    };
}
