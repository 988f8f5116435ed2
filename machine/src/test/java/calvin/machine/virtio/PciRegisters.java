package calvin.machine.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.IrqLine;
import calvin.machine.bus.SystemBus;
import calvin.machine.pci.PciCard;
import calvin.machine.pci.PciHost;
import calvin.machine.pci.PciWindow;
import java.util.List;

/**
 * A virtio PCI function as a guest finds it: walks configuration space, sizes and places the BARs, reads the
 * capabilities, uses the structures they tell of (virtio 1.2, 4.1; PCI 3.0, 6).
 */
public final class PciRegisters implements TestDriver.Registers {
    private static final long ECAM = 0x3000_0000L;
    private static final long LOW = 0x4000_0000L;
    private static final long HIGH = 0x4_0000_0000L;
    private static final int SLOT = 5;

    public final PciHost host;
    public final SystemBus bus = new SystemBus();
    public boolean wire;
    private final long[] structureAt = new long[6];
    private final int[] structureLength = new int[6];
    private int multiplier;
    private int accessAt;
    private int msixAt;
    private boolean wireBefore;

    /** @param enable whether to enable memory, bus mastering and place the BARs at once */
    public PciRegisters(PciCard card, boolean enable) {
        IrqLine line = high -> wire = high;
        // INTA of slot 5 is wire 1.
        host = new PciHost("node0/pcie", List.of(IrqLine.NONE, line, IrqLine.NONE, IrqLine.NONE));
        host.plug(SLOT, card);
        bus.add(ECAM, host);
        bus.add(LOW, new PciWindow("node0/pcie-low", host, LOW, 0x4000_0000));
        bus.add(HIGH, new PciWindow("node0/pcie-high", host, HIGH, 0x4000_0000));
        if (enable) {
            discover();
        }
    }

    public long load(long pa, int width) {
        int device = bus.find(pa, width);
        assertTrue(device >= 0, "no device there");
        return bus.load(device, 0, pa, width);
    }

    public void store(long pa, int width, long value) {
        bus.store(bus.find(pa, width), 0, pa, width, value);
    }

    public static long configPa(int register) {
        return ECAM | SLOT << 15 | register;
    }

    public long config(int register) {
        return load(configPa(register), 4);
    }

    public void discover() {
        long[] barPa = new long[6];
        long low = LOW + 0x10_0000;
        long high = HIGH;
        for (int i = 0; i < 6; i++) {
            int at = 0x10 + 4 * i;
            store(configPa(at), 4, 0xFFFF_FFFFL);
            long mask = config(at);
            if (mask == 0) {
                continue;
            }
            boolean wide = (mask & 6) == 4;
            long size = -(mask & ~0xFL) & 0xFFFF_FFFFL;
            assertEquals(1, Long.bitCount(size), "a BAR's size is a power of two");
            if (wide) {
                store(configPa(at + 4), 4, 0xFFFF_FFFFL);
                assertEquals(0xFFFF_FFFFL, config(at + 4));
                store(configPa(at), 4, high & 0xFFFF_FFFFL);
                store(configPa(at + 4), 4, high >>> 32);
                barPa[i] = high;
                high += size;
                i++;
            } else {
                store(configPa(at), 4, low);
                barPa[i] = low;
                low += size;
            }
        }
        store(configPa(4), 2, 6);
        assertTrue((config(4) >>> 16 & 0x10) != 0, "there is a list of capabilities");
        for (int at = (int) config(0x34) & 0xFF; at != 0; at = (int) config(at) >>> 8 & 0xFF) {
            int id = (int) config(at) & 0xFF;
            if (id == 0x11) {
                msixAt = at;
            }
            if (id != 9) {
                continue;
            }
            int type = (int) config(at) >>> 24;
            structureAt[type] = barPa[(int) config(at + 4) & 0xFF] + config(at + 8);
            structureLength[type] = (int) config(at + 12);
            if (type == 2) {
                multiplier = (int) config(at + 16);
            } else if (type == 5) {
                accessAt = at;
            }
        }
    }

    /** Where the MSI-X capability begins. */
    public int msixAt() {
        return msixAt;
    }

    /** The MSI-X table's first byte. */
    public long msixTable() {
        int bar = (int) config(msixAt + 4) & 7;
        return (config(0x10 + 4 * bar) & ~0xFL) + (config(msixAt + 4) & ~7L);
    }

    /** The capability for access through configuration space. */
    public int accessAt() {
        return accessAt;
    }

    public long common(int offset, int width) {
        return load(structureAt[1] + offset, width);
    }

    public void common(int offset, int width, long value) {
        store(structureAt[1] + offset, width, value);
    }

    @Override
    public int id() {
        return (int) (config(0) >>> 16) - 0x1040;
    }

    @Override
    public long features() {
        common(0, 4, 0);
        long low = common(4, 4);
        common(0, 4, 1);
        return low | common(4, 4) << 32;
    }

    @Override
    public void accept(long features) {
        common(8, 4, 0);
        common(12, 4, features & 0xFFFF_FFFFL);
        common(8, 4, 1);
        common(12, 4, features >>> 32);
    }

    @Override
    public int status() {
        return (int) common(0x14, 1);
    }

    @Override
    public void status(int value) {
        common(0x14, 1, value);
    }

    @Override
    public int maxSize(int queue) {
        common(0x16, 2, queue);
        return (int) common(0x18, 2);
    }

    @Override
    public void queue(int queue, int size, long descriptors, long driverArea, long deviceArea) {
        common(0x16, 2, queue);
        common(0x18, 2, size);
        common(0x20, 4, descriptors & 0xFFFF_FFFFL);
        common(0x24, 4, descriptors >>> 32);
        common(0x28, 4, driverArea & 0xFFFF_FFFFL);
        common(0x2C, 4, driverArea >>> 32);
        common(0x30, 4, deviceArea & 0xFFFF_FFFFL);
        common(0x34, 4, deviceArea >>> 32);
        common(0x1C, 2, 1);
    }

    @Override
    public void notify(long timePs, int queue) {
        common(0x16, 2, queue);
        long pa = structureAt[2] + common(0x1E, 2) * multiplier;
        bus.store(bus.find(pa, 2), timePs, pa, 2, queue);
    }

    @Override
    public long config(int offset, int width) {
        return load(structureAt[4] + offset, width);
    }

    @Override
    public boolean interrupted() {
        wireBefore = wire;
        return load(structureAt[3], 1) != 0 && wireBefore;
    }
}
