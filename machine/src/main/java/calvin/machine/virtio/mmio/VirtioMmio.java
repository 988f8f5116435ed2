package calvin.machine.virtio.mmio;

import calvin.machine.bus.Device;
import calvin.machine.bus.Dma;
import calvin.machine.bus.IrqLine;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.machine.virtio.VirtioCore;
import calvin.machine.virtio.VirtioDevice;
import calvin.machine.virtio.VirtioTransport;
import calvin.machine.virtio.queue.SplitQueue;
import calvin.sim.event.Lane;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * A virtio device behind memory-mapped registers, version 2 (virtio 1.2, 4.2). One level-triggered interrupt, high
 * while InterruptStatus is not zero. Left out: the legacy interface, shared memory regions (their length reads as all
 * ones, which says there are none), queue reset.
 */
public final class VirtioMmio implements Device, VirtioTransport {
    /** Distance of slots on QEMU's board; the registers need less. */
    public static final int WINDOW_BYTES = 0x1000;

    private static final int CONFIG = 0x100;
    private static final long MAGIC = 0x7472_6976L;
    private static final long VERSION = 2;
    /** ours: "CLVN"; drivers do not look at it. */
    public static final long VENDOR = 0x4E56_4C43L;

    private final String stateName;
    private final IrqLine irq;
    private final VirtioCore core;
    private final RegisterMap registers = new RegisterMap(WINDOW_BYTES);

    /** @param translated as {@link VirtioCore}'s */
    public VirtioMmio(String stateName, Lane lane, Dma dma, boolean translated, IrqLine irq, VirtioDevice device) {
        this.stateName = stateName;
        this.irq = irq;
        core = new VirtioCore(device, this, lane, dma, translated);
        // @formatter:off
        read("MagicValue",        0x000, "\"virt\"");
        read("Version",           0x004, "2");
        read("DeviceID",          0x008, "kind of device");
        read("VendorID",          0x00C, "ours: \"CLVN\"");
        read("DeviceFeatures",    0x010, "offered, the half selected");
        write("DeviceFeaturesSel", 0x014, "half of DeviceFeatures");
        write("DriverFeatures",   0x020, "accepted, the half selected");
        write("DriverFeaturesSel", 0x024, "half of DriverFeatures");
        write("QueueSel",         0x030, "queue that the following mean");
        read("QueueNumMax",       0x034, "most entries; 0 = no such queue");
        write("QueueNum",         0x038, "entries");
        both("QueueReady",        0x044, "1: the device may use it");
        write("QueueNotify",      0x050, "queue that was added to");
        read("InterruptStatus",   0x060, "1: used buffers, 2: configuration");
        write("InterruptACK",     0x064, "clears bits of InterruptStatus");
        both("Status",            0x070, "device status; 0 resets");
        write("QueueDescLow",     0x080, "descriptor table");
        write("QueueDescHigh",    0x084, "descriptor table");
        write("QueueDriverLow",   0x090, "available ring");
        write("QueueDriverHigh",  0x094, "available ring");
        write("QueueDeviceLow",   0x0A0, "used ring");
        write("QueueDeviceHigh",  0x0A4, "used ring");
        write("SHMSel",           0x0AC, "shared memory region: there is none");
        read("SHMLenLow",         0x0B0, "all ones");
        read("SHMLenHigh",        0x0B4, "all ones");
        read("SHMBaseLow",        0x0B8, "all ones");
        read("SHMBaseHigh",       0x0BC, "all ones");
        read("ConfigGeneration",  0x0FC, "changes with Config");
        // @formatter:on
        if (device.configBytes() > 0) {
            registers.registers("Config", CONFIG, (device.configBytes() + 7) / 8, 8,
                    RegisterMap.W1 | RegisterMap.W2 | RegisterMap.W4 | RegisterMap.W8, Access.READ_WRITE,
                    "virtio 5: configuration of the device");
        }
    }

    private void read(String name, int offset, String meaning) {
        registers.register(name, offset, RegisterMap.W4, Access.READ_ONLY, "virtio 4.2.2: " + meaning);
    }

    private void write(String name, int offset, String meaning) {
        registers.register(name, offset, RegisterMap.W4, Access.WRITE_ONLY, "virtio 4.2.2: " + meaning);
    }

    private void both(String name, int offset, String meaning) {
        registers.register(name, offset, RegisterMap.W4, Access.READ_WRITE, "virtio 4.2.2: " + meaning);
    }

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        if (offset >= CONFIG) {
            return core.config(offset - CONFIG, widthBytes);
        }
        SplitQueue queue = core.selected();
        return switch (offset) {
            case 0x000 -> MAGIC;
            case 0x004 -> VERSION;
            case 0x008 -> core.device().id();
            case 0x00C -> VENDOR;
            case 0x010 -> core.deviceFeatures();
            case 0x034 -> queue == null ? 0 : queue.maxSize();
            case 0x044 -> queue != null && queue.ready() ? 1 : 0;
            case 0x060 -> core.interrupts();
            case 0x070 -> core.status();
            case 0x0B0, 0x0B4, 0x0B8, 0x0BC -> 0xFFFF_FFFFL;
            case 0x0FC -> core.generation() & 0xFFFF_FFFFL;
            default -> 0;
        };
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        if (offset >= CONFIG) {
            core.config(offset - CONFIG, widthBytes, value);
            return;
        }
        switch (offset) {
            case 0x014 -> core.deviceSelect(value);
            case 0x020 -> core.driverFeatures(value);
            case 0x024 -> core.driverSelect(value);
            case 0x030 -> core.queueSelect(value);
            case 0x050 -> core.notify(timePs, value);
            case 0x064 -> core.interrupts(core.interrupts() & ~(int) value);
            case 0x070 -> core.status((int) value);
            case 0x038, 0x044, 0x080, 0x084, 0x090, 0x094, 0x0A0, 0x0A4 -> storeQueue(offset, value);
            default -> {
                // SHMSel: no region whatever is selected.
            }
        }
        // Also a reset clears InterruptStatus.
        irq.set(core.interrupts() != 0);
    }

    private void storeQueue(int offset, long value) {
        SplitQueue queue = core.selected();
        if (queue == null) {
            return;
        }
        if (offset == 0x044) {
            if ((value & 1) != 0) {
                core.enableSelected();
            } else {
                queue.disable();
            }
            return;
        }
        // 4.2.2.2: a queue in use is not changed.
        if (queue.ready()) {
            return;
        }
        switch (offset) {
            case 0x038 -> queue.size((int) Math.min(value, 0xFFFF));
            case 0x080 -> queue.descriptorsPa(low(queue.descriptorsPa(), value));
            case 0x084 -> queue.descriptorsPa(high(queue.descriptorsPa(), value));
            case 0x090 -> queue.driverAreaPa(low(queue.driverAreaPa(), value));
            case 0x094 -> queue.driverAreaPa(high(queue.driverAreaPa(), value));
            case 0x0A0 -> queue.deviceAreaPa(low(queue.deviceAreaPa(), value));
            default -> queue.deviceAreaPa(high(queue.deviceAreaPa(), value));
        }
    }

    private static long low(long old, long value) {
        return old & ~0xFFFF_FFFFL | value & 0xFFFF_FFFFL;
    }

    private static long high(long old, long value) {
        return old & 0xFFFF_FFFFL | value << 32;
    }

    @Override
    public void queueInterrupt(int queue) {
        raise(VirtioCore.USED_INTERRUPT);
    }

    @Override
    public void configInterrupt() {
        raise(VirtioCore.CONFIG_INTERRUPT);
    }

    private void raise(int bit) {
        core.interrupts(core.interrupts() | bit);
        irq.set(true);
    }

    @Override
    public void reset() {
        core.powerOn();
        irq.set(false);
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        core.save(out);
    }

    @Override
    public void load(StateReader in) {
        core.load(in);
    }
}
