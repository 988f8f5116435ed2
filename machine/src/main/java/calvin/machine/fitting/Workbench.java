package calvin.machine.fitting;

import calvin.machine.bus.Device;
import calvin.machine.bus.Dma;
import calvin.machine.bus.IrqLine;
import calvin.machine.dev.MachineEnd;
import calvin.machine.dev.Uart;
import calvin.machine.hart.HartModel;
import calvin.machine.hart.HartUnit;
import calvin.machine.mem.PhysicalMemory;
import calvin.sim.event.Lane;
import java.util.function.IntFunction;

/** A machine being assembled: what the builders of devices take from it and put onto it. */
public interface Workbench {
    /** The machine's lane, for events. */
    Lane lane();

    /** The name of a device's state: unique in the experiment, made of the lane's name and the fitting's. */
    String stateName(String fitting);

    int harts();

    /** What every hart is like. */
    HartModel model();

    /** Length of a tick of the time CSR. */
    long timePeriodPs();

    /** A hart, for what is wired to it or part of it. */
    HartUnit hart(int number);

    /** A wire of every hart, by hart: one of MSIP, MTIP, SSIP, MEIP, SEIP of {@link calvin.machine.hart.Status}. */
    IrqLine line(int hart, long bit);

    /** A wire of the interrupt controller; {@link IrqLine#NONE} for number 0. */
    IrqLine wire(int number);

    PhysicalMemory memory();

    /** Untranslated access to memory and to windows that take messages. */
    Dma dma();

    /** A bus master's access by its device id: through the board's IOMMU, or untranslated where it has none. */
    Dma dma(int deviceId);

    /** Whether the board has an IOMMU, so that addresses given to devices with ids are not physical ones. */
    boolean translates();

    /** Sends bus masters that are built from now on through an IOMMU, whose ports are these by device id. */
    void translate(IntFunction<Dma> ports);

    /** Ends or restarts the machine. */
    MachineEnd end();

    /** What the machine was given from outside. */
    Supplies supplies();

    /** Puts a device's window on the bus and its state among the machine's. */
    void add(long basePa, Device device);

    /** Lets fittings that are built later find a part of this one, by type and the fitting's name. */
    <T> void offer(Class<T> type, String fitting, T part);

    /** What a fitting before this one has offered; that it is missing is a bug of the board's. */
    <T> T offered(Class<T> type, String fitting);

    /** Makes a serial port the one at which the user types. */
    void console(Uart uart);
}
