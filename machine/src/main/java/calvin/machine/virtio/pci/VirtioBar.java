package calvin.machine.virtio.pci;

import calvin.machine.bus.Device;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.machine.pci.MsixTable;
import calvin.machine.pci.PciFunction;
import calvin.machine.virtio.VirtioCore;
import calvin.machine.virtio.queue.SplitQueue;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * The registers of a virtio PCI function (virtio 1.2, 4.1.4.3 to 4.1.4.6): common configuration, interrupt status,
 * device configuration, one notification word per queue. Their state is the core's.
 */
final class VirtioBar implements Device {
    static final int COMMON = 0;
    static final int COMMON_BYTES = 0x38;
    static final int ISR = 0x1000;
    static final int DEVICE = 0x2000;
    static final int NOTIFY = 0x3000;
    static final int NOTIFY_STRIDE = 4;
    static final int BYTES = 0x4000;

    private final VirtioCore core;
    private final MsixTable msix;
    private final PciFunction function;
    private final RegisterMap registers = new RegisterMap(BYTES);

    VirtioBar(VirtioCore core, MsixTable msix, PciFunction function) {
        this.core = core;
        this.msix = msix;
        this.function = function;
        int wide = RegisterMap.W4 | RegisterMap.W8;
        // @formatter:off
        add("device_feature_select", 0x00, RegisterMap.W4, Access.READ_WRITE, "half of device_feature");
        add("device_feature",        0x04, RegisterMap.W4, Access.READ_ONLY,  "offered");
        add("driver_feature_select", 0x08, RegisterMap.W4, Access.READ_WRITE, "half of driver_feature");
        add("driver_feature",        0x0C, RegisterMap.W4, Access.READ_WRITE, "accepted");
        add("config_msix_vector",    0x10, RegisterMap.W2, Access.READ_WRITE, "vector of configuration changes");
        add("num_queues",            0x12, RegisterMap.W2, Access.READ_ONLY,  "queues there are");
        add("device_status",         0x14, RegisterMap.W1, Access.READ_WRITE, "device status; 0 resets");
        add("config_generation",     0x15, RegisterMap.W1, Access.READ_ONLY,  "changes with device configuration");
        add("queue_select",          0x16, RegisterMap.W2, Access.READ_WRITE, "queue that the following mean");
        add("queue_size",            0x18, RegisterMap.W2, Access.READ_WRITE, "entries; 0 = no such queue");
        add("queue_msix_vector",     0x1A, RegisterMap.W2, Access.READ_WRITE, "vector of the queue");
        add("queue_enable",          0x1C, RegisterMap.W2, Access.READ_WRITE, "1: the device may use it");
        add("queue_notify_off",      0x1E, RegisterMap.W2, Access.READ_ONLY,  "number of its notification word");
        add("queue_desc",            0x20, wide,           Access.READ_WRITE, "descriptor table");
        add("queue_driver",          0x28, wide,           Access.READ_WRITE, "available ring");
        add("queue_device",          0x30, wide,           Access.READ_WRITE, "used ring");
        // @formatter:on
        registers.register("isr", ISR, RegisterMap.W1, Access.READ_ONLY, "virtio 4.1.4.5: cause; reading clears it");
        if (core.device().configBytes() > 0) {
            registers.registers("config", DEVICE, (core.device().configBytes() + 7) / 8, 8,
                    RegisterMap.W1 | RegisterMap.W2 | RegisterMap.W4 | RegisterMap.W8, Access.READ_WRITE,
                    "virtio 5: configuration of the device");
        }
        registers.registers("notify", NOTIFY, core.queueCount(), NOTIFY_STRIDE, RegisterMap.W2 | RegisterMap.W4,
                Access.WRITE_ONLY, "virtio 4.1.4.4: the queue was added to");
    }

    private void add(String name, int offset, int widths, Access access, String meaning) {
        registers.register(name, offset, widths, access, "virtio 4.1.4.3: " + meaning);
    }

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        if (offset >= DEVICE) {
            return core.config(offset - DEVICE, widthBytes);
        }
        if (offset == ISR) {
            int cause = core.interrupts();
            core.interrupts(0);
            function.interrupt(false);
            return cause;
        }
        SplitQueue queue = core.selected();
        return switch (offset) {
            case 0x00 -> core.deviceSelect();
            case 0x04 -> core.deviceFeatures();
            case 0x08 -> core.driverSelect();
            case 0x0C -> core.driverFeatures();
            case 0x10 -> core.configVector();
            case 0x12 -> core.queueCount();
            case 0x14 -> core.status();
            case 0x15 -> core.generation() & 0xFF;
            case 0x16 -> core.queueSelect();
            default -> queue == null ? 0 : loadQueue(queue, offset, widthBytes);
        };
    }

    private long loadQueue(SplitQueue queue, int offset, int widthBytes) {
        return switch (offset) {
            case 0x18 -> queue.size();
            case 0x1A -> queue.vector();
            case 0x1C -> queue.ready() ? 1 : 0;
            case 0x1E -> core.queueSelect();
            default -> part(area(queue, offset & ~7), offset & 7, widthBytes);
        };
    }

    private static long area(SplitQueue queue, int offset) {
        return switch (offset) {
            case 0x20 -> queue.descriptorsPa();
            case 0x28 -> queue.driverAreaPa();
            default -> queue.deviceAreaPa();
        };
    }

    private static long part(long value, int shiftBytes, int widthBytes) {
        return widthBytes == 8 ? value : value >>> 8 * shiftBytes & 0xFFFF_FFFFL;
    }

    private static long merge(long old, int shiftBytes, int widthBytes, long value) {
        if (widthBytes == 8) {
            return value;
        }
        int shift = 8 * shiftBytes;
        return old & ~(0xFFFF_FFFFL << shift) | (value & 0xFFFF_FFFFL) << shift;
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        if (offset >= NOTIFY) {
            core.notify(timePs, (offset - NOTIFY) / NOTIFY_STRIDE);
        } else if (offset >= DEVICE) {
            core.config(offset - DEVICE, widthBytes, value);
        } else {
            storeCommon(offset, widthBytes, value);
        }
    }

    private void storeCommon(int offset, int widthBytes, long value) {
        switch (offset) {
            case 0x00 -> core.deviceSelect(value);
            case 0x08 -> core.driverSelect(value);
            case 0x0C -> core.driverFeatures(value);
            case 0x10 -> core.configVector(vector(value));
            case 0x14 -> {
                core.status((int) value);
                if ((value & 0xFF) == 0) {
                    function.interrupt(false);
                }
            }
            case 0x16 -> core.queueSelect(value);
            default -> storeQueue(offset, widthBytes, value);
        }
    }

    /** 4.1.5.1.2.1: a vector that does not exist becomes none. */
    private int vector(long value) {
        return value < msix.vectors() ? (int) value : SplitQueue.NO_VECTOR;
    }

    private void storeQueue(int offset, int widthBytes, long value) {
        SplitQueue queue = core.selected();
        if (queue == null) {
            return;
        }
        if (offset == 0x1A) {
            queue.vector(vector(value));
            return;
        }
        if (offset == 0x1C) {
            // 4.1.4.3.2: a driver does not write 0.
            if (value == 1) {
                core.enableSelected();
            }
            return;
        }
        if (queue.ready()) {
            return;
        }
        if (offset == 0x18) {
            queue.size((int) value);
            return;
        }
        long area = merge(area(queue, offset & ~7), offset & 7, widthBytes, value);
        switch (offset & ~7) {
            case 0x20 -> queue.descriptorsPa(area);
            case 0x28 -> queue.driverAreaPa(area);
            default -> queue.deviceAreaPa(area);
        }
    }

    @Override
    public void reset() {
        core.powerOn();
    }

    /** Part of its function's state. */
    @Override
    public String stateName() {
        return "registers";
    }

    @Override
    public void save(StateWriter out) {}

    @Override
    public void load(StateReader in) {}
}
