package calvin.machine.hart;

import calvin.machine.bus.SystemBus;
import calvin.machine.exec.Atomic;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.mem.HostMemory;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mmu.Access;
import calvin.machine.mmu.Walker;
import calvin.sim.state.Derived;

/**
 * The slow paths of loads, stores, atomics and fetches of one hart: translation, TLB fill, devices, watched pages,
 * faults.
 *
 * <p>Misaligned loads and stores work on RAM, also across pages; nothing is stored unless all of it can be. Misaligned
 * LR, SC and AMO trap as misaligned, misaligned device accesses and atomics on devices as access faults (priv 3.6, PMAs
 * are the platform's).
 */
final class MemoryUnit {
    static final int PAGE_MASK = 4095;

    private final Hart hart;
    private final CsrState state;
    private final PhysicalMemory memory;
    private final SystemBus bus;
    private final Walker walker;
    private final MachineServices machine;
    private final CostTable costs;
    /** Whether the TLB may hold pieces of a larger page, which a fence of one address must find. */
    @Derived(from = "the TLB")
    private boolean superpages;

    MemoryUnit(Hart hart, CsrState state, PhysicalMemory memory, SystemBus bus, MachineServices machine,
            CostTable costs) {
        this.hart = hart;
        this.state = state;
        this.memory = memory;
        this.bus = bus;
        this.machine = machine;
        this.costs = costs;
        walker = new Walker(memory, state.pmp);
    }

    Walker walker() {
        return walker;
    }

    // Translation.

    /** Physical address, or -1 with a trap pending. */
    long translate(long va, int access, int context) {
        int privilege = context & Access.PRIVILEGE;
        int result = privilege == Hart.MODE_M ? Walker.OK : walk(va, access, context);
        long pa = privilege == Hart.MODE_M ? va : walker.pa();
        if (result == Walker.OK && state.pmp.permits(pa, access, privilege)) {
            return pa;
        }
        raise(result == Walker.OK ? Walker.ACCESS_FAULT : result, va, access, context);
        return -1;
    }

    int walk(long va, int access, int context) {
        boolean virtual = (context & Access.VIRTUAL) != 0;
        long menvcfg = state.get(Csr.MENVCFG);
        long own = menvcfg & (virtual ? state.get(Csr.HENVCFG) : -1L);
        boolean update = (own & Status.ENV_ADUE) != 0;
        int types = ((own & Status.ENV_PBMTE) != 0 ? Access.MEMORY_TYPES : 0) | guestTypes(menvcfg);
        return walker.walk(va, access, context | types, state.get(virtual ? Csr.VSATP : Csr.SATP),
                state.get(Csr.HGATP), update, (menvcfg & Status.ENV_ADUE) != 0);
    }

    private static int guestTypes(long menvcfg) {
        return (menvcfg & Status.ENV_PBMTE) != 0 ? Access.GUEST_MEMORY_TYPES : 0;
    }

    /** Walks the G stage only. */
    int walkGuest(long gpa, int access, int context) {
        long menvcfg = state.get(Csr.MENVCFG);
        boolean update = (menvcfg & Status.ENV_ADUE) != 0;
        return walker.walk(gpa, access, context | guestTypes(menvcfg), 0, state.get(Csr.HGATP), update, update);
    }

    private static final Cause[] PAGE_FAULTS = {Cause.LOAD_PAGE_FAULT, Cause.STORE_PAGE_FAULT,
        Cause.INSTRUCTION_PAGE_FAULT};
    private static final Cause[] ACCESS_FAULTS = {Cause.LOAD_ACCESS_FAULT, Cause.STORE_ACCESS_FAULT,
        Cause.INSTRUCTION_ACCESS_FAULT};
    private static final Cause[] GUEST_PAGE_FAULTS = {Cause.LOAD_GUEST_PAGE_FAULT, Cause.STORE_GUEST_PAGE_FAULT,
        Cause.INSTRUCTION_GUEST_PAGE_FAULT};

    private void raise(int result, long va, int access, int context) {
        Cause[] kind = result == Walker.PAGE_FAULT
                ? PAGE_FAULTS
                : result == Walker.ACCESS_FAULT
                        ? ACCESS_FAULTS
                        : GUEST_PAGE_FAULTS;
        hart.raise(kind[access].code, va);
        hart.trapGuestVa = (context & Access.VIRTUAL) != 0;
        if (result == Walker.GUEST_PAGE_FAULT) {
            hart.trapGuestPa = walker.gpa();
            hart.trapInstruction = walker.pseudoInstruction();
        }
    }

    void accessFault(long va, int access, int context) {
        raise(Walker.ACCESS_FAULT, va, access, context);
    }

    // The TLB.

    private void fill(long va, long pa, long host, boolean read, boolean write) {
        long page = va & ~PAGE_MASK;
        long tag = page | hart.dataContext;
        int i = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
        if (hart.tlbReadTag[i] != tag && hart.tlbWriteTag[i] != tag) {
            hart.tlbReadTag[i] = Hart.TLB_EMPTY;
            hart.tlbWriteTag[i] = Hart.TLB_EMPTY;
        }
        hart.tlbAddend[i] = host - va;
        hart.tlbPa[i] = pa & ~PAGE_MASK;
        if (read) {
            hart.tlbReadTag[i] = tag;
        }
        if (write) {
            hart.tlbWriteTag[i] = tag;
        }
        if ((hart.dataContext & Access.PRIVILEGE) != Hart.MODE_M) {
            superpages |= walker.superpage();
        }
    }

    /** Forgets all translations; an engine's own follow {@link Hart#translationGeneration}. */
    void flush() {
        java.util.Arrays.fill(hart.tlbReadTag, Hart.TLB_EMPTY);
        java.util.Arrays.fill(hart.tlbWriteTag, Hart.TLB_EMPTY);
        superpages = false;
        hart.translationGeneration++;
    }

    /** Forgets translations of one page. */
    void flush(long va) {
        if (superpages) {
            flush();
            return;
        }
        int i = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
        hart.tlbReadTag[i] = Hart.TLB_EMPTY;
        hart.tlbWriteTag[i] = Hart.TLB_EMPTY;
        hart.translationGeneration++;
    }

    void flushWrites() {
        java.util.Arrays.fill(hart.tlbWriteTag, Hart.TLB_EMPTY);
    }

    /** Drops entries that lead to the frame at {@code host}: those for writing, or all. */
    void drop(long host, boolean writesOnly) {
        for (int i = 0; i < Hart.TLB_ENTRIES; i++) {
            long write = hart.tlbWriteTag[i];
            if (write != Hart.TLB_EMPTY && (write & ~PAGE_MASK) + hart.tlbAddend[i] == host) {
                hart.tlbWriteTag[i] = Hart.TLB_EMPTY;
            }
            long read = hart.tlbReadTag[i];
            if (!writesOnly && read != Hart.TLB_EMPTY && (read & ~PAGE_MASK) + hart.tlbAddend[i] == host) {
                hart.tlbReadTag[i] = Hart.TLB_EMPTY;
            }
        }
    }

    // Loads and stores.

    private static boolean crosses(long va, int sizeLog2) {
        return (va & PAGE_MASK) + (1 << sizeLog2) > PAGE_MASK + 1;
    }

    long load(long va, int sizeLog2) {
        if (crosses(va, sizeLog2)) {
            return loadCrossing(va, sizeLog2, hart.dataContext);
        }
        long pa = translate(va, Access.READ, hart.dataContext);
        if (hart.trapCause >= 0) {
            return 0;
        }
        long host = mapRead(va, pa);
        return host == 0 ? loadDevice(va, pa, sizeLog2, hart.dataContext) : HostMemory.load(host, sizeLog2);
    }

    /** Host address of a byte just translated for reading, after filling the TLB; 0 where there is no RAM. */
    private long mapRead(long va, long pa) {
        boolean direct = memory.storesDirectly(pa) && (privilege() == Hart.MODE_M || walker.writable())
                && state.pmp.permits(pa, Access.WRITE, privilege());
        long host = memory.mapRead(pa);
        if (host != 0) {
            fill(va, pa, host, true, direct);
        }
        return host;
    }

    private int privilege() {
        return hart.dataContext & Access.PRIVILEGE;
    }

    private long loadCrossing(long va, int sizeLog2, int context) {
        long value = 0;
        long firstPa = translate(va, Access.READ, context);
        if (hart.trapCause >= 0) {
            return 0;
        }
        long nextVa = (va | PAGE_MASK) + 1;
        long nextPa = translate(nextVa, Access.READ, context);
        if (hart.trapCause >= 0) {
            return 0;
        }
        for (int i = 0; i < 1 << sizeLog2; i++) {
            long pa = va + i < nextVa || nextVa == 0 && va + i < 0 ? firstPa + i : nextPa + (va + i - nextVa);
            if (!memory.isRam(pa, 1)) {
                accessFault(va + i, Access.READ, context);
                return 0;
            }
            value |= (long) memory.u8(pa) << (8 * i);
        }
        return value;
    }

    private long loadDevice(long va, long pa, int sizeLog2, int context) {
        int device = bus.find(pa, 1 << sizeLog2);
        if (device < 0) {
            accessFault(va, Access.READ, context);
            return 0;
        }
        long value = bus.load(device, hart.timePs(), pa, 1 << sizeLog2);
        deviceTouched();
        return value;
    }

    /** The access takes time, and may have made an interrupt pending or armed an earlier event. */
    private void deviceTouched() {
        hart.cycle += costs.deviceAccess();
        hart.deadline = 0;
    }

    void store(long va, int sizeLog2, long value) {
        if (crosses(va, sizeLog2)) {
            storeCrossing(va, sizeLog2, value, hart.dataContext);
            return;
        }
        long pa = translate(va, Access.WRITE, hart.dataContext);
        if (hart.trapCause >= 0) {
            return;
        }
        boolean table = memory.isTable(pa);
        long host = memory.mapWrite(pa);
        if (host == 0) {
            storeDevice(va, pa, sizeLog2, value, hart.dataContext);
            return;
        }
        HostMemory.store(host, sizeLog2, value);
        written(va, pa, host, table);
    }

    /**
     * After a store to RAM: tells who watches it, or fills the TLB. {@code table} is whether the page was one of tables
     * before: what this very access was translated by must not be written directly afterwards.
     */
    private void written(long va, long pa, long host, boolean table) {
        if (memory.storesWatched(pa)) {
            stored(pa);
        } else if (!table) {
            fill(va, pa, host, true, true);
        }
    }

    private void storeCrossing(long va, int sizeLog2, long value, int context) {
        long firstPa = translate(va, Access.WRITE, context);
        if (hart.trapCause >= 0) {
            return;
        }
        long nextVa = (va | PAGE_MASK) + 1;
        int inFirst = (int) (nextVa - va);
        long nextPa = translate(nextVa, Access.WRITE, context);
        if (hart.trapCause >= 0) {
            return;
        }
        if (!memory.isRam(firstPa, 1) || !memory.isRam(nextPa, 1)) {
            accessFault(memory.isRam(firstPa, 1) ? nextVa : va, Access.WRITE, context);
            return;
        }
        for (int i = 0; i < 1 << sizeLog2; i++) {
            memory.u8(i < inFirst ? firstPa + i : nextPa + i - inFirst, (int) (value >>> (8 * i)));
        }
        if (memory.storesWatched(firstPa) || memory.storesWatched(nextPa)) {
            stored(firstPa);
            stored(nextPa);
        }
    }

    private void storeDevice(long va, long pa, int sizeLog2, long value, int context) {
        int device = bus.find(pa, 1 << sizeLog2);
        if (device < 0) {
            accessFault(va, Access.WRITE, context);
            return;
        }
        bus.store(device, hart.timePs(), pa, 1 << sizeLog2, value);
        deviceTouched();
    }

    void stored(long pa) {
        if (memory.storesWatched(pa)) {
            machine.watchedStore(hart, pa);
            hart.deadline = 0;
        }
    }

    // Atomics.

    long loadReserved(long va, int sizeLog2) {
        if (misaligned(va, sizeLog2, Cause.LOAD_MISALIGNED)) {
            return 0;
        }
        long pa = translate(va, Access.READ, hart.dataContext);
        if (hart.trapCause >= 0) {
            return 0;
        }
        long host = mapRead(va, pa);
        if (host == 0) {
            accessFault(va, Access.READ, hart.dataContext);
            return 0;
        }
        hart.reservationPa = pa & ~7L;
        return signed(HostMemory.load(host, sizeLog2), sizeLog2);
    }

    long storeConditional(long va, int sizeLog2, long value) {
        if (misaligned(va, sizeLog2, Cause.STORE_MISALIGNED)) {
            return 1;
        }
        long pa = translate(va, Access.WRITE, hart.dataContext);
        if (hart.trapCause >= 0) {
            return 1;
        }
        if (!memory.isRam(pa, 1)) {
            accessFault(va, Access.WRITE, hart.dataContext);
            return 1;
        }
        boolean held = hart.reservationPa == (pa & ~7L);
        hart.reservationPa = -1;
        if (!held) {
            return 1;
        }
        boolean table = memory.isTable(pa);
        long host = memory.mapWrite(pa);
        HostMemory.store(host, sizeLog2, value);
        written(va, pa, host, table);
        return 0;
    }

    void compareAndSwap(int rd, int rs2, long va, int sizeLog2) {
        if (misaligned(va, sizeLog2, Cause.STORE_MISALIGNED)) {
            return;
        }
        long pa = translate(va, Access.WRITE, hart.dataContext);
        if (hart.trapCause >= 0) {
            return;
        }
        boolean table = memory.isTable(pa);
        long host = memory.mapWrite(pa);
        if (host == 0) {
            accessFault(va, Access.WRITE, hart.dataContext);
            return;
        }
        CompareAndSwap.execute(hart, host, rd, rs2, sizeLog2);
        written(va, pa, host, table);
    }

    long atomic(int operation, long va, int sizeLog2, long operand) {
        if (misaligned(va, sizeLog2, Cause.STORE_MISALIGNED)) {
            return 0;
        }
        long pa = translate(va, Access.WRITE, hart.dataContext);
        if (hart.trapCause >= 0) {
            return 0;
        }
        boolean table = memory.isTable(pa);
        long host = memory.mapWrite(pa);
        if (host == 0) {
            accessFault(va, Access.WRITE, hart.dataContext);
            return 0;
        }
        long old = signed(HostMemory.load(host, sizeLog2), sizeLog2);
        HostMemory.store(host, sizeLog2, Atomic.combine(operation, old, signed(operand, sizeLog2)));
        written(va, pa, host, table);
        return old;
    }

    private static long signed(long value, int sizeLog2) {
        return switch (sizeLog2) {
            case 0 -> (byte) value;
            case 1 -> (short) value;
            case 2 -> (int) value;
            default -> value;
        };
    }

    private boolean misaligned(long va, int sizeLog2, Cause cause) {
        if ((va & (1 << sizeLog2) - 1) == 0) {
            return false;
        }
        hart.raise(cause.code, va);
        hart.trapGuestVa = (hart.dataContext & Access.VIRTUAL) != 0;
        return true;
    }

    // Fetch.

    long fetchPa(long va) {
        long pa = translate(va, Access.EXECUTE, hart.fetchContext);
        if (hart.trapCause >= 0) {
            return -1;
        }
        if (!memory.isRam(pa, 2)) {
            accessFault(va, Access.EXECUTE, hart.fetchContext);
            return -1;
        }
        memory.watchCode(pa);
        return pa;
    }

    /** The instruction at {@code va} in the current mode, or 0 where it cannot be fetched. Leaves no trap pending. */
    long instructionAt(long va) {
        long low = codeHalf(va);
        if (low < 0) {
            return 0;
        }
        if ((low & 3) != 3) {
            return low;
        }
        long high = codeHalf(va + 2);
        return high < 0 ? 0 : high << 16 | low;
    }

    private long codeHalf(long va) {
        long pa = va;
        if ((hart.fetchContext & Access.PRIVILEGE) != Hart.MODE_M) {
            if (walk(va, Access.EXECUTE, hart.fetchContext | Access.PROBE) != Walker.OK) {
                return -1;
            }
            pa = walker.pa();
        }
        return memory.isRam(pa, 2) ? memory.u16(pa) : -1;
    }

    // HLV, HLVX and HSV.

    long guestLoad(long va, int sizeLog2, int context) {
        if (crosses(va, sizeLog2)) {
            return loadCrossing(va, sizeLog2, context);
        }
        long pa = translate(va, Access.READ, context);
        if (hart.trapCause >= 0) {
            return 0;
        }
        long host = memory.readHost(pa);
        return host == 0 ? loadDevice(va, pa, sizeLog2, context) : HostMemory.load(host, sizeLog2);
    }

    void guestStore(long va, int sizeLog2, long value, int context) {
        if (crosses(va, sizeLog2)) {
            storeCrossing(va, sizeLog2, value, context);
            return;
        }
        long pa = translate(va, Access.WRITE, context);
        if (hart.trapCause >= 0) {
            return;
        }
        long host = memory.writeHost(pa);
        if (host == 0) {
            storeDevice(va, pa, sizeLog2, value, context);
            return;
        }
        HostMemory.store(host, sizeLog2, value);
        stored(pa);
    }
}
