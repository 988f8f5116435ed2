package calvin.machine.pci;

import calvin.machine.bus.Device;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * A range of physical addresses behind which the BARs of a host's functions lie, wherever software has put them. What
 * no BAR answers reads as all ones (PCI 3.0, 6.1: master abort). PCI addresses are physical addresses. Has no state.
 */
public final class PciWindow implements Device {
    private final String stateName;
    private final PciHost host;
    private final long basePa;
    private final RegisterMap registers;

    /**
     * @param basePa    where the window lies on the bus
     * @param sizeBytes a multiple of 8, up to 1 GiB
     */
    public PciWindow(String stateName, PciHost host, long basePa, int sizeBytes) {
        this.stateName = stateName;
        this.host = host;
        this.basePa = basePa;
        registers = new RegisterMap(sizeBytes).registers("Window", 0, sizeBytes / 8, 8,
                RegisterMap.W1 | RegisterMap.W2 | RegisterMap.W4 | RegisterMap.W8, Access.READ_WRITE,
                "PCI 3.0, 6.2.5.1: what base address registers map");
    }

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        long pa = basePa + offset;
        for (int slot = 0; slot < PciHost.SLOTS; slot++) {
            PciFunction function = host.function(slot);
            int bar = function == null ? -1 : function.barAt(pa);
            if (bar >= 0) {
                return load(function.bar(bar), timePs, (int) (pa - function.barPa(bar)), widthBytes);
            }
        }
        return widthBytes == 8 ? -1 : (1L << 8 * widthBytes) - 1;
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        long pa = basePa + offset;
        for (int slot = 0; slot < PciHost.SLOTS; slot++) {
            PciFunction function = host.function(slot);
            int bar = function == null ? -1 : function.barAt(pa);
            if (bar >= 0) {
                store(function.bar(bar), timePs, (int) (pa - function.barPa(bar)), widthBytes, value);
                return;
            }
        }
    }

    /** Reads a BAR's device as the bus reads a device: registers that it does not declare are zero. */
    public static long load(Device device, long timePs, int offset, int widthBytes) {
        RegisterMap.Register register = device.registers().find(offset, widthBytes);
        return register == null || register.access() == Access.NOT_EMULATED || register.access() == Access.WRITE_ONLY
                ? 0
                : device.load(timePs, offset, widthBytes);
    }

    /** Writes a BAR's device as the bus writes a device. */
    public static void store(Device device, long timePs, int offset, int widthBytes, long value) {
        RegisterMap.Register register = device.registers().find(offset, widthBytes);
        if (register != null && register.access() != Access.NOT_EMULATED && register.access() != Access.READ_ONLY) {
            device.store(timePs, offset, widthBytes, value);
        }
    }

    @Override
    public void reset() {}

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {}

    @Override
    public void load(StateReader in) {}
}
