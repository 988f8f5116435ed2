package calvin.machine.iommu;

import static calvin.machine.iommu.IommuStruct.*;

import calvin.machine.bus.Device;
import calvin.machine.bus.Dma;
import calvin.machine.bus.IrqLine;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.machine.mem.PhysicalMemory;
import calvin.sim.check.Check;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.List;

/**
 * A RISC-V IOMMU. Devices behind it get the {@link Dma} of their device id from {@link #port}.
 *
 * <pre>
 * 0x000 CAPABILITIES  0x008 FCTL   0x010 DDTP
 * 0x018 CQB  0x020 CQH  0x024 CQT    0x028 FQB  0x030 FQH  0x034 FQT
 * 0x048 CQCSR  0x04C FQCSR  0x054 IPSR  0x2F8 ICVEC
 * 0x300 + 16v MSI_ADDR, +8 MSI_DATA, +12 MSI_VEC_CTL   for vectors v = 0 to 3
 * </pre>
 *
 * Supports one to three levels of device and process directories, extended device contexts, Sv39, Sv48, Sv57 and their
 * x4 forms, Svnapot, Svpbmt, updates of A and D, message tables with basic and memory-resident entries, 56-bit physical
 * addresses. Interrupts: of the command and the fault queue, each by one of four vectors, by wire or by message (IGS is
 * BOTH). Timers: none. Timing: none; commands are done when their tail is written, translations with the access.
 *
 * <p>Not emulated: ATS and page requests (so no PQ registers), performance counters, the debug interface, big-endian
 * structures, Sv32, QoS identifiers, the non-leaf and range invalidation extensions. Ours: ddtp's mode
 * keeps its value when software writes a reserved one; Off or Bare after reset is the board's to say.
 *
 * <p>Caches: none, so tables are followed at once, more coherently than the specification asks for. Spec: iommu 1.0.
 */
public final class Iommu implements Device {
    public static final int WINDOW_BYTES = 4096;
    /** Interrupt vectors, and so wires. */
    public static final int WIRES = VECTORS;

    /** Version 1.0, all paging modes, Svpbmt, AMO_MRIF, MSI_FLAT, MSI_MRIF, AMO_HWAD, IGS BOTH, PAS 56, PD8 to PD20. */
    private static final long SUPPORTED = 0x10 | 7L << 9 | 1 << 15 | 7L << 17 | 0xFL << 21 | 2L << 28 | 56L << 32
            | 7L << 38;
    private static final int DDTP_AT = 0x10;
    private static final int CQB_AT = 0x18;
    private static final int CQT_AT = 0x24;
    private static final int FQB_AT = 0x28;
    private static final int FQH_AT = 0x30;
    private static final int CQCSR_AT = 0x48;
    private static final int FQCSR_AT = 0x4C;
    private static final int IPSR_AT = 0x54;
    private static final int ICVEC_AT = 0x2F8;
    private static final int MSI_AT = 0x300;
    private static final long DDTP_PPN = 0x003F_FFFF_FFFF_FC00L;
    /** Data, and the mask above it. */
    private static final long MSI_CONTROL_BITS = 0x1_FFFF_FFFFL;
    private static final long MSI_ADDRESS_BITS = 0x00FF_FFFF_FFFF_FFFCL;

    private final String stateName;
    private final Dma bus;
    private final boolean open;
    private final RegisterMap registers = new RegisterMap(WINDOW_BYTES);
    private final Block state = new Block(S.sizeBytes());
    private final Interrupts interrupts;
    private final FaultQueue faults;
    private final CommandQueue commands;
    private final Translation translation;

    /**
     * @param memory where tables are
     * @param bus    untranslated, for queues, messages and what devices reach
     * @param wires  by vector
     * @param open   after reset everything passes untranslated; else nothing does
     */
    public Iommu(String stateName, PhysicalMemory memory, Dma bus, List<IrqLine> wires, boolean open) {
        Check.that(wires.size() == WIRES, "an IOMMU has four wires", wires.size());
        this.stateName = stateName;
        this.bus = bus;
        this.open = open;
        interrupts = new Interrupts(state, bus, wires);
        faults = new FaultQueue(state, bus, interrupts);
        interrupts.reportTo(faults);
        commands = new CommandQueue(state, bus, interrupts);
        translation = new Translation(memory);
        declare();
        clear();
    }

    private void declare() {
        int w4 = RegisterMap.W4;
        int w48 = RegisterMap.W4 | RegisterMap.W8;
        // @formatter:off
        registers
            .register("CAPABILITIES", 0, w48, Access.READ_ONLY, "iommu 6.3")
            .register("FCTL", 8, w4, Access.READ_WRITE, "iommu 6.4: WSI")
            .register("DDTP", DDTP_AT, w48, Access.READ_WRITE, "iommu 6.5")
            .register("CQB", CQB_AT, w48, Access.READ_WRITE, "iommu 6.6")
            .register("CQH", 0x20, w4, Access.READ_ONLY, "iommu 6.7")
            .register("CQT", CQT_AT, w4, Access.READ_WRITE, "iommu 6.8")
            .register("FQB", FQB_AT, w48, Access.READ_WRITE, "iommu 6.9")
            .register("FQH", FQH_AT, w4, Access.READ_WRITE, "iommu 6.10")
            .register("FQT", 0x34, w4, Access.READ_ONLY, "iommu 6.11")
            .registers("PQB, PQH, PQT", 0x38, 4, 4, w4, Access.NOT_EMULATED, "iommu 6.12 to 6.14: no ATS")
            .register("CQCSR", CQCSR_AT, w4, Access.READ_WRITE, "iommu 6.15")
            .register("FQCSR", FQCSR_AT, w4, Access.READ_WRITE, "iommu 6.16")
            .register("PQCSR", 0x50, w4, Access.NOT_EMULATED, "iommu 6.17: no ATS")
            .register("IPSR", IPSR_AT, w4, Access.READ_WRITE, "iommu 6.18")
            .register("ICVEC", ICVEC_AT, w48, Access.READ_WRITE, "iommu 6.27: two bits per cause")
            .registers("MSI_ADDR", MSI_AT, VECTORS, 16, w48, Access.READ_WRITE, "iommu 6.28")
            .registers("MSI_DATA, MSI_VEC_CTL", MSI_AT + 8, VECTORS, 16, w48, Access.READ_WRITE, "iommu 6.28");
        // @formatter:on
    }

    /** The door of a device that names no process. */
    public Dma port(int deviceId) {
        return new IommuPort(this, new Transaction(deviceId, false, 0, false));
    }

    /**
     * The door of a device on behalf of a process (PASID).
     *
     * @param processId  20 bits
     * @param supervisor with supervisor privilege
     */
    public Dma port(int deviceId, int processId, boolean supervisor) {
        return new IommuPort(this, new Transaction(deviceId, true, processId, supervisor));
    }

    // For ports.

    Dma bus() {
        return bus;
    }

    /** What the last translation found. */
    Translation translation() {
        return translation;
    }

    /** Translates one address; a fault is reported, and false. */
    boolean translate(Transaction who, long iova, int access) {
        FaultCause wrong = translation.translate(DDTP.get(state, 0), who, iova, access);
        if (wrong != null && !translation.quiet(wrong)) {
            faults.report(wrong, who, access, iova, translation.iotval2());
        }
        return wrong == null;
    }

    /** A memory-resident interrupt file is not in memory. */
    void refuseMrif(Transaction who, long iova) {
        if (!translation.quiet(FaultCause.MRIF_ACCESS_FAULT)) {
            faults.report(FaultCause.MRIF_ACCESS_FAULT, who, calvin.machine.mmu.Access.WRITE, iova, 0);
        }
    }

    // Registers.

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        return widthBytes == 8 ? state.u64(offset) : state.u32(offset);
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        int at = wide(offset) ? offset & ~7 : offset;
        long fresh = at == offset && (widthBytes == 8 || !wide(offset)) ? value : merged(at, offset, value);
        switch (at) {
            case 8 -> {
                FCTL.set(state, 0, value & Interrupts.WIRES);
                interrupts.updateWires();
            }
            case DDTP_AT -> setDirectory(fresh);
            case CQB_AT -> {
                CQB.set(state, 0, fresh & Queue.BASE_BITS);
                CQT.set(state, 0, CQT.get(state, 0) & Queue.indexMask(fresh));
            }
            case CQT_AT -> {
                CQT.set(state, 0, value & Queue.indexMask(CQB.get(state, 0)));
                commands.run();
            }
            case FQB_AT -> {
                FQB.set(state, 0, fresh & Queue.BASE_BITS);
                FQH.set(state, 0, FQH.get(state, 0) & Queue.indexMask(fresh));
            }
            case FQH_AT -> FQH.set(state, 0, value & Queue.indexMask(FQB.get(state, 0)));
            case CQCSR_AT -> controlCommands(value);
            case FQCSR_AT -> controlFaults(value);
            case IPSR_AT -> {
                interrupts.clear(value);
                commands.update();
                updateFaults();
            }
            case ICVEC_AT -> {
                ICVEC.set(state, 0, fresh & Interrupts.ICVEC_BITS);
                interrupts.updateWires();
            }
            default -> storeMessage(at, fresh);
        }
    }

    /** Whether the register has eight bytes; these may be written by halves. */
    private static boolean wide(int offset) {
        return offset >= DDTP_AT && offset < 0x20 || offset >= FQB_AT && offset < FQH_AT || offset >= ICVEC_AT;
    }

    private long merged(int at, int offset, long half) {
        long old = state.u64(at);
        return offset == at ? old & ~0xFFFF_FFFFL | half : old & 0xFFFF_FFFFL | half << 32;
    }

    private void setDirectory(long value) {
        int mode = (int) value & 15;
        long kept = mode <= DeviceContext.THREE_LEVELS ? mode : DDTP.get(state, 0) & 15;
        DDTP.set(state, 0, value & DDTP_PPN | kept);
    }

    private void controlCommands(long value) {
        long old = CQCSR.get(state, 0);
        long errors = old & CommandQueue.SIGNALS & ~value;
        if ((value & ~old & Queue.ENABLE) != 0) {
            CQH.set(state, 0, 0);
            errors = 0;
        }
        CQCSR.set(state, 0, errors | value & (Queue.ENABLE | Queue.INTERRUPT_ENABLE) | (value & Queue.ENABLE) << 16);
        commands.update();
        commands.run();
    }

    private void controlFaults(long value) {
        long old = FQCSR.get(state, 0);
        long errors = old & FaultQueue.ERRORS & ~value;
        if ((value & ~old & Queue.ENABLE) != 0) {
            FQT.set(state, 0, 0);
            errors = 0;
        }
        FQCSR.set(state, 0, errors | value & (Queue.ENABLE | Queue.INTERRUPT_ENABLE) | (value & Queue.ENABLE) << 16);
        updateFaults();
    }

    /** The interrupt stays pending while an error does; a record only sets it. */
    private void updateFaults() {
        long status = FQCSR.get(state, 0);
        if ((status & Queue.INTERRUPT_ENABLE) != 0 && (status & FaultQueue.ERRORS) != 0) {
            interrupts.raise(Interrupts.FAULTS);
        }
    }

    private void storeMessage(int at, long value) {
        if ((at & 15) == 0) {
            state.u64(at, value & MSI_ADDRESS_BITS);
        } else {
            state.u64(at, value & MSI_CONTROL_BITS);
            interrupts.sendHeld();
        }
    }

    private void clear() {
        state.zero(0, state.sizeBytes());
        CAPABILITIES.set(state, 0, SUPPORTED);
        DDTP.set(state, 0, open ? DeviceContext.BARE : DeviceContext.OFF);
    }

    @Override
    public void reset() {
        clear();
        interrupts.lower();
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        state.save(out);
    }

    @Override
    public void load(StateReader in) {
        state.load(in);
    }
}
