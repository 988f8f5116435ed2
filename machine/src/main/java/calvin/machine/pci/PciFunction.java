package calvin.machine.pci;

import calvin.machine.bus.Device;
import calvin.machine.bus.Dma;
import calvin.sim.check.Check;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * One function of a card: a type-0 configuration space, base address registers that are devices, and a bus master.
 *
 * <pre>
 * 0x00 vendor, device | 0x04 command, status | 0x08 revision, class | 0x0C cache line, header type
 * 0x10 six BARs | 0x2C subsystem | 0x34 first capability | 0x3C line, pin | 0x40 capabilities ... 0xFF
 * </pre>
 *
 * Built by the card that has it, then only written by software; which bits software can write is a mask beside the
 * image. Sizing a BAR works by that mask: the low address bits are read-only zeros. Beyond byte 0xFF everything reads
 * as zero: there are no extended capabilities. Left out: expansion ROMs, I/O BARs, power management, MSI (MSI-X is
 * there), VPD, link capabilities. Spec: PCI 3.0, chapter 6.
 */
public final class PciFunction {
    public static final int BARS = 6;
    static final int COMMAND = 0x04;
    private static final int STATUS = 0x06;
    private static final int FIRST_BAR = 0x10;
    private static final int CAPABILITIES = 0x34;
    private static final int LINE = 0x3C;
    private static final int PIN = 0x3D;
    private static final int FIRST_CAPABILITY = 0x40;
    private static final int BYTES = 0x100;
    private static final int MEMORY_SPACE = 2;
    private static final int BUS_MASTER = 4;
    private static final int INTX_DISABLE = 0x400;
    private static final int INTX_STATUS = 8;
    private static final int CAPABILITY_LIST = 0x10;

    private final Block image = new Block(BYTES);
    private final Block writable = new Block(BYTES);
    /** As built, before software. */
    private final Block initial = new Block(BYTES);
    private final Device[] bars = new Device[BARS];
    private final long[] barBytes = new long[BARS];
    private final boolean[] wide = new boolean[BARS];
    private MsixTable msix;
    private Runnable wire = () -> {
    };
    private DataPort port;
    private int portAt;
    private int lastCapability;
    private int nextCapability = FIRST_CAPABILITY;

    /** @param classCode base class, subclass and interface in bits 23..0 */
    public PciFunction(int vendor, int device, int classCode, int revision, int subsystemVendor, int subsystem) {
        constant(0x00, 2, vendor);
        constant(0x02, 2, device);
        constant(0x08, 4, (long) classCode << 8 | revision);
        constant(0x2C, 2, subsystemVendor);
        constant(0x2E, 2, subsystem);
        writable.u16(COMMAND, MEMORY_SPACE | BUS_MASTER | INTX_DISABLE);
        writable.u8(0x0C, 0xFF);
        writable.u8(LINE, 0xFF);
    }

    // Building.

    private void constant(int at, int bytes, long value) {
        for (int i = 0; i < bytes; i++) {
            image.u8(at + i, (int) (value >>> 8 * i) & 0xFF);
            initial.u8(at + i, (int) (value >>> 8 * i) & 0xFF);
        }
    }

    /** Interrupts by wire INTA. */
    public void pin() {
        constant(PIN, 1, 1);
    }

    /**
     * Puts a device behind BAR {@code number}; its size is the next power of two of the device's window.
     *
     * @param isWide a 64-bit prefetchable BAR, which takes the next number too; else a 32-bit one
     */
    public void bar(int number, Device device, boolean isWide) {
        long bytes = Math.max(4096, Integer.highestOneBit(2 * device.registers().sizeBytes() - 1));
        bars[number] = device;
        barBytes[number] = bytes;
        wide[number] = isWide;
        int at = FIRST_BAR + 4 * number;
        // PCI 3.0, 6.2.5.1: bits 2..1 = 2 is 64-bit, bit 3 prefetchable.
        constant(at, 4, isWide ? 0xC : 0);
        long mask = -bytes;
        writable.u32(at, mask & 0xFFFF_FFFFL);
        if (isWide) {
            writable.u32(at + 4, mask >>> 32);
        }
    }

    /** Appends a capability of {@code bytes} bytes to the list and returns where it begins. */
    public int capability(int id, int bytes) {
        int at = nextCapability;
        Check.that(at + bytes <= BYTES, "configuration space is full", id);
        constant(lastCapability == 0 ? CAPABILITIES : lastCapability + 1, 1, at);
        constant(STATUS, 2, CAPABILITY_LIST);
        constant(at, 1, id);
        lastCapability = at;
        nextCapability = at + bytes + 3 & ~3;
        return at;
    }

    /** Sets what configuration space says at {@code at}, and which bits of it software can write. */
    public void field(int at, int bytes, long value, long writableBits) {
        constant(at, bytes, value);
        for (int i = 0; i < bytes; i++) {
            writable.u8(at + i, (int) (writableBits >>> 8 * i) & 0xFF);
        }
    }

    /** Puts an MSI-X table behind BAR {@code number} and a capability of it into the list. */
    public MsixTable msix(int number, int vectors, Dma dma) {
        int at = capability(MsixTable.CAPABILITY, 12);
        msix = new MsixTable(this, at, vectors, master(dma));
        field(at + 2, 2, vectors - 1, 0xC000);
        field(at + 4, 4, number, 0);
        field(at + 8, 4, MsixTable.PENDING_AT | number, 0);
        bar(number, msix, false);
        return msix;
    }

    /** Four bytes of configuration space that stand for something else. */
    public interface DataPort {
        long load(long timePs, int widthBytes);

        void store(long timePs, int widthBytes, long value);
    }

    /** Has aligned accesses to the word at {@code at} go to {@code value}. */
    public void dataPort(int at, DataPort value) {
        port = value;
        portAt = at;
    }

    /** {@code dma} while software lets the function be a bus master; else every access fails. */
    public Dma master(Dma dma) {
        return new Dma() {
            @Override
            public boolean read(long pa, byte[] into, int offset, int length) {
                return isMaster() && dma.read(pa, into, offset, length);
            }

            @Override
            public boolean write(long pa, byte[] from, int offset, int length) {
                return isMaster() && dma.write(pa, from, offset, length);
            }

            @Override
            public boolean message(long pa, int data) {
                return isMaster() && dma.message(pa, data);
            }
        };
    }

    private boolean isMaster() {
        return (image.u16(COMMAND) & BUS_MASTER) != 0;
    }

    /** Who is told when the level of INTA may have changed. */
    void connect(Runnable listener) {
        wire = listener;
    }

    // Running.

    long load(long timePs, int at, int widthBytes) {
        return port != null && at == portAt ? port.load(timePs, widthBytes) : load(at, widthBytes);
    }

    /** Little-endian; zero beyond the image. */
    public long load(int at, int widthBytes) {
        long value = 0;
        for (int i = 0; i < widthBytes && at + i < BYTES; i++) {
            value |= (long) image.u8(at + i) << 8 * i;
        }
        return value;
    }

    void store(long timePs, int at, int widthBytes, long value) {
        if (port != null && at == portAt) {
            port.store(timePs, widthBytes, value);
            return;
        }
        for (int i = 0; i < widthBytes && at + i < BYTES; i++) {
            int mask = writable.u8(at + i);
            image.u8(at + i, image.u8(at + i) & ~mask | (int) (value >>> 8 * i) & mask);
        }
        if (msix != null) {
            msix.configured();
        }
        wire.run();
    }

    /** The BAR that holds {@code pa} now, or -1. */
    public int barAt(long pa) {
        if ((image.u16(COMMAND) & MEMORY_SPACE) == 0) {
            return -1;
        }
        for (int i = 0; i < BARS; i++) {
            if (bars[i] != null && Long.compareUnsigned(pa - barPa(i), barBytes[i]) < 0) {
                return i;
            }
        }
        return -1;
    }

    /** Where software has put a BAR. */
    public long barPa(int number) {
        long low = image.u32(FIRST_BAR + 4L * number) & ~0xFL;
        return wide[number] ? low | image.u32(FIRST_BAR + 4L * number + 4) << 32 : low;
    }

    public Device bar(int number) {
        return number < 0 || number >= BARS ? null : bars[number];
    }

    /** Drives INTA. It stays low while software has disabled it or MSI-X is enabled. */
    public void interrupt(boolean high) {
        int status = image.u16(STATUS);
        image.u16(STATUS, high ? status | INTX_STATUS : status & ~INTX_STATUS);
        wire.run();
    }

    boolean asserts() {
        return (image.u16(STATUS) & INTX_STATUS) != 0 && (image.u16(COMMAND) & INTX_DISABLE) == 0
                && (msix == null || !msix.enabled());
    }

    public void reset() {
        for (int i = 0; i < BYTES; i++) {
            image.u8(i, initial.u8(i));
        }
        if (msix != null) {
            msix.reset();
        }
        wire.run();
    }

    public void save(StateWriter out) {
        image.save(out);
        if (msix != null) {
            msix.save(out);
        }
    }

    public void load(StateReader in) {
        image.load(in);
        if (msix != null) {
            msix.load(in);
        }
    }
}
