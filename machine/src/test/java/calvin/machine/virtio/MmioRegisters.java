package calvin.machine.virtio;

import calvin.machine.bus.Device;
import calvin.machine.bus.SystemBus;

/** Registers of virtio over MMIO as a driver uses them, through a bus (virtio 1.2, 4.2). */
public final class MmioRegisters implements TestDriver.Registers {
    private static final long BASE = 0x1000_1000L;

    private final SystemBus bus = new SystemBus();

    public MmioRegisters(Device device) {
        bus.add(BASE, device);
    }

    public long load(int offset) {
        return bus.load(0, 0, BASE + offset, 4);
    }

    public void store(int offset, long value) {
        bus.store(0, 0, BASE + offset, 4, value);
    }

    @Override
    public int id() {
        return (int) load(0x008);
    }

    @Override
    public long features() {
        store(0x014, 0);
        long low = load(0x010);
        store(0x014, 1);
        return low | load(0x010) << 32;
    }

    @Override
    public void accept(long features) {
        store(0x024, 0);
        store(0x020, features & 0xFFFF_FFFFL);
        store(0x024, 1);
        store(0x020, features >>> 32);
    }

    @Override
    public int status() {
        return (int) load(0x070);
    }

    @Override
    public void status(int value) {
        store(0x070, value);
    }

    @Override
    public int maxSize(int queue) {
        store(0x030, queue);
        return (int) load(0x034);
    }

    @Override
    public void queue(int queue, int size, long descriptors, long driverArea, long deviceArea) {
        store(0x030, queue);
        store(0x038, size);
        store(0x080, descriptors & 0xFFFF_FFFFL);
        store(0x084, descriptors >>> 32);
        store(0x090, driverArea & 0xFFFF_FFFFL);
        store(0x094, driverArea >>> 32);
        store(0x0A0, deviceArea & 0xFFFF_FFFFL);
        store(0x0A4, deviceArea >>> 32);
        store(0x044, 1);
    }

    @Override
    public void notify(long timePs, int queue) {
        bus.store(0, timePs, BASE + 0x050, 4, queue);
    }

    @Override
    public long config(int offset, int width) {
        return bus.load(0, 0, BASE + 0x100 + offset, width);
    }

    @Override
    public boolean interrupted() {
        long pending = load(0x060);
        store(0x064, pending);
        return pending != 0;
    }
}
