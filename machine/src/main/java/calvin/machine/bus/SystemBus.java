package calvin.machine.bus;

import calvin.sim.check.Check;
import calvin.sim.state.Derived;
import java.util.ArrayList;
import java.util.List;

/**
 * Which device answers at which physical address. Accesses to registers a device does not declare read as zero, ignore
 * writes and are counted.
 */
public final class SystemBus {
    private final List<Device> devices = new ArrayList<>();
    private final List<Long> bases = new ArrayList<>();
    @Derived(from = "the devices")
    private long[] base = new long[0];
    @Derived(from = "the devices")
    private Device[] device = new Device[0];
    @Derived(from = "nothing: a statistic")
    private long undeclaredAccesses;

    @Derived(from = "who looks on")
    private BusListener listener;

    /** Who hears of accesses to declared registers; null for nobody. */
    public void setListener(BusListener value) {
        listener = value;
    }

    /** Puts a device's window at {@code basePa}. */
    public void add(long basePa, Device added) {
        long end = basePa + added.registers().sizeBytes();
        for (int i = 0; i < device.length; i++) {
            Check.that(end <= base[i] || basePa >= base[i] + device[i].registers().sizeBytes(), "devices overlap",
                    basePa, base[i]);
        }
        devices.add(added);
        bases.add(basePa);
        device = devices.toArray(new Device[0]);
        base = bases.stream().mapToLong(Long::longValue).toArray();
    }

    public List<Device> devices() {
        return List.copyOf(devices);
    }

    /** Number of the device whose window holds all of the access, or -1. Misaligned accesses reach no device. */
    public int find(long pa, int widthBytes) {
        if ((pa & widthBytes - 1) != 0) {
            return -1;
        }
        for (int i = 0; i < base.length; i++) {
            if (Long.compareUnsigned(pa - base[i], device[i].registers().sizeBytes()) < 0) {
                return i;
            }
        }
        return -1;
    }

    /** @param index from {@link #find} for this address and width */
    public long load(int index, long timePs, long pa, int widthBytes) {
        int offset = (int) (pa - base[index]);
        RegisterMap.Register register = device[index].registers().find(offset, widthBytes);
        if (register == null || register.access() == RegisterMap.Access.NOT_EMULATED) {
            undeclaredAccesses++;
            return 0;
        }
        if (register.access() == RegisterMap.Access.WRITE_ONLY) {
            return 0;
        }
        long value = device[index].load(timePs, offset, widthBytes);
        if (listener != null) {
            listener.accessed(device[index], false, timePs, pa, widthBytes, value);
        }
        return value;
    }

    public void store(int index, long timePs, long pa, int widthBytes, long value) {
        int offset = (int) (pa - base[index]);
        RegisterMap.Register register = device[index].registers().find(offset, widthBytes);
        if (register == null || register.access() == RegisterMap.Access.NOT_EMULATED) {
            undeclaredAccesses++;
            return;
        }
        if (register.access() != RegisterMap.Access.READ_ONLY) {
            device[index].store(timePs, offset, widthBytes, value);
            if (listener != null) {
                listener.accessed(device[index], true, timePs, pa, widthBytes, value);
            }
        }
    }

    /** Accesses to registers that no device declares. */
    public long undeclaredAccesses() {
        return undeclaredAccesses;
    }
}
