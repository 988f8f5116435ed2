package calvin.machine.virtio.pci;

import calvin.machine.bus.Dma;
import calvin.machine.pci.MsixTable;
import calvin.machine.pci.PciCard;
import calvin.machine.pci.PciFunction;
import calvin.machine.pci.PciWindow;
import calvin.machine.virtio.VirtioCore;
import calvin.machine.virtio.VirtioDevice;
import calvin.machine.virtio.VirtioTransport;
import calvin.machine.virtio.queue.SplitQueue;
import calvin.sim.event.Lane;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * A virtio device as a PCI function, modern interface only (virtio 1.2, 4.1): MSI-X behind BAR 1, the registers behind
 * BAR 4, as QEMU lays them out. One MSI-X vector per queue and one for the configuration; INTA while MSI-X is off. The
 * capability for access through configuration space is there too.
 */
public final class VirtioPci implements PciCard, VirtioTransport, PciFunction.DataPort {
    private static final int VENDOR = 0x1AF4;
    private static final int FIRST_DEVICE = 0x1040;
    private static final int SUBSYSTEM = 0x1100;
    private static final int VENDOR_CAPABILITY = 9;
    private static final int MSIX_BAR = 1;
    private static final int REGISTERS_BAR = 4;
    private static final int COMMON = 1;
    private static final int NOTIFY = 2;
    private static final int ISR = 3;
    private static final int DEVICE = 4;
    private static final int ACCESS = 5;

    private final String stateName;
    private final PciFunction function;
    private final MsixTable msix;
    private final VirtioBar bar;
    /** Where the capability for access through configuration space begins. */
    private final int access;
    private final VirtioCore core;

    /**
     * @param dma        of this function's requester id
     * @param translated as {@link VirtioCore}'s
     */
    public VirtioPci(String stateName, Lane lane, Dma dma, boolean translated, VirtioDevice device) {
        this.stateName = stateName;
        function = new PciFunction(VENDOR, FIRST_DEVICE + device.id(), device.pciClass(), 1, VENDOR, SUBSYSTEM);
        function.pin();
        core = new VirtioCore(device, this, lane, function.master(dma), translated);
        msix = function.msix(MSIX_BAR, core.queueCount() + 1, dma);
        bar = new VirtioBar(core, msix, function);
        function.bar(REGISTERS_BAR, bar, true);
        structure(COMMON, VirtioBar.COMMON, VirtioBar.COMMON_BYTES, 16);
        structure(ISR, VirtioBar.ISR, 1, 16);
        structure(DEVICE, VirtioBar.DEVICE, 0x1000, 16);
        int notify = structure(NOTIFY, VirtioBar.NOTIFY, core.queueCount() * VirtioBar.NOTIFY_STRIDE, 20);
        function.field(notify + 16, 4, VirtioBar.NOTIFY_STRIDE, 0);
        access = structure(ACCESS, 0, 0, 20);
        // 4.1.4.9: BAR, offset and length are the driver's to choose.
        function.field(access + 4, 1, 0, 0xFF);
        function.field(access + 8, 4, 0, 0xFFFF_FFFFL);
        function.field(access + 12, 4, 0, 0xFFFF_FFFFL);
        function.dataPort(access + 16, this);
    }

    /** Appends a capability that tells where a structure lies (4.1.4); returns where the capability begins. */
    private int structure(int type, int offset, int length, int bytes) {
        int at = function.capability(VENDOR_CAPABILITY, bytes);
        function.field(at + 2, 1, bytes, 0);
        function.field(at + 3, 1, type, 0);
        function.field(at + 4, 1, REGISTERS_BAR, 0);
        function.field(at + 8, 4, offset, 0);
        function.field(at + 12, 4, length, 0);
        return at;
    }

    @Override
    public PciFunction function() {
        return function;
    }

    /** 4.1.4.9: the driver chooses a place in a BAR and reads or writes it here. */
    @Override
    public long load(long timePs, int widthBytes) {
        int offset = (int) function.load(access + 8, 4);
        return reaches(offset, widthBytes) ? PciWindow.load(bar, timePs, offset, widthBytes) : 0;
    }

    @Override
    public void store(long timePs, int widthBytes, long value) {
        int offset = (int) function.load(access + 8, 4);
        if (reaches(offset, widthBytes)) {
            PciWindow.store(bar, timePs, offset, widthBytes, value);
        }
    }

    private boolean reaches(int offset, int widthBytes) {
        return function.load(access + 4, 1) == REGISTERS_BAR && function.load(access + 12, 4) == widthBytes
                && offset >= 0 && offset < VirtioBar.BYTES && offset % widthBytes == 0;
    }

    @Override
    public void queueInterrupt(int queue) {
        if (msix.enabled()) {
            raise(core.queue(queue).vector());
        } else {
            raiseWire(VirtioCore.USED_INTERRUPT);
        }
    }

    @Override
    public void configInterrupt() {
        if (msix.enabled()) {
            raise(core.configVector());
        } else {
            raiseWire(VirtioCore.CONFIG_INTERRUPT);
        }
    }

    private void raise(int vector) {
        if (vector != SplitQueue.NO_VECTOR) {
            msix.raise(vector);
        }
    }

    private void raiseWire(int bit) {
        core.interrupts(core.interrupts() | bit);
        function.interrupt(true);
    }

    @Override
    public void reset() {
        core.powerOn();
        function.reset();
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        function.save(out);
        core.save(out);
    }

    @Override
    public void load(StateReader in) {
        function.load(in);
        core.load(in);
    }
}
