package calvin.machine.hart;

import calvin.machine.bus.SystemBus;
import calvin.machine.exec.Atomic;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.mem.HostMemory;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mmu.Access;
import calvin.machine.mmu.Walker;

/**
 * The slow paths of loads, stores, atomics and fetches of one hart: TLB fill, devices, watched pages, faults.
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
    private final TranslationUnit translation;
    private final MachineServices machine;
    private final CostTable costs;

    MemoryUnit(Hart hart, CsrState state, PhysicalMemory memory, SystemBus bus, MachineServices machine,
            CostTable costs) {
        this.hart = hart;
        this.state = state;
        this.memory = memory;
        this.bus = bus;
        this.machine = machine;
        this.costs = costs;
        translation = new TranslationUnit(hart, state, memory);
    }

    TranslationUnit translation() {
        return translation;
    }

    // Loads and stores.

    private static boolean crosses(long va, int sizeLog2) {
        return (va & PAGE_MASK) + (1 << sizeLog2) > PAGE_MASK + 1;
    }

    long load(long va, int sizeLog2) {
        if (crosses(va, sizeLog2)) {
            return loadCrossing(va, sizeLog2, hart.dataContext);
        }
        if (translation.refill(va, Access.READ)) {
            return HostMemory.load(va + addend(va), sizeLog2);
        }
        long pa = translation.translateData(va, 1 << sizeLog2, Access.READ, hart.dataContext);
        if (hart.trapCause >= 0) {
            return 0;
        }
        long host = mapRead(va, pa);
        return host == 0 ? loadDevice(va, pa, sizeLog2, hart.dataContext) : HostMemory.load(host, sizeLog2);
    }

    private long addend(long va) {
        return hart.tlbAddend[(int) (va >>> 12) & Hart.TLB_ENTRIES - 1];
    }

    /** Host address of a byte just translated for reading, after filling the TLB; 0 where there is no RAM. */
    private long mapRead(long va, long pa) {
        boolean direct = memory.storesDirectly(pa) && (privilege() == Hart.MODE_M || translation.walker().writable())
                && state.pmp.permits(pa, 1, Access.WRITE, privilege());
        long host = memory.mapRead(pa);
        if (host != 0) {
            translation.fill(va, pa, host, true, direct);
        }
        return host;
    }

    private int privilege() {
        return hart.dataContext & Access.PRIVILEGE;
    }

    private long loadCrossing(long va, int sizeLog2, int context) {
        long value = 0;
        long nextVa = (va | PAGE_MASK) + 1;
        int inFirst = (int) (nextVa - va);
        long firstPa = translation.translateData(va, inFirst, Access.READ, context);
        if (hart.trapCause >= 0) {
            return 0;
        }
        long nextPa = translation.translateData(nextVa, (1 << sizeLog2) - inFirst, Access.READ, context);
        if (hart.trapCause >= 0) {
            return 0;
        }
        for (int i = 0; i < 1 << sizeLog2; i++) {
            long pa = i < inFirst ? firstPa + i : nextPa + i - inFirst;
            if (!memory.isRam(pa, 1)) {
                translation.accessFault(va + i, Access.READ, context);
                return 0;
            }
            value |= (long) memory.u8(pa) << (8 * i);
        }
        return value;
    }

    private long loadDevice(long va, long pa, int sizeLog2, int context) {
        int device = bus.find(pa, 1 << sizeLog2);
        if (device < 0) {
            translation.accessFault(va, Access.READ, context);
            return 0;
        }
        long value = bus.load(device, hart.timePs(), pa, 1 << sizeLog2);
        deviceTouched(HpmEvent.DEVICE_LOADS);
        return value;
    }

    /** The access takes time, and may have made an interrupt pending or armed an earlier event. */
    private void deviceTouched(HpmEvent event) {
        state.counters.count(event);
        hart.cycle += costs.deviceAccess();
        hart.deadline = 0;
    }

    void store(long va, int sizeLog2, long value) {
        if (crosses(va, sizeLog2)) {
            storeCrossing(va, sizeLog2, value, hart.dataContext);
            return;
        }
        if (translation.refill(va, Access.WRITE)) {
            HostMemory.store(va + addend(va), sizeLog2, value);
            return;
        }
        long pa = translation.translateData(va, 1 << sizeLog2, Access.WRITE, hart.dataContext);
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
            translation.fill(va, pa, host, true, true);
        }
    }

    private void storeCrossing(long va, int sizeLog2, long value, int context) {
        long nextVa = (va | PAGE_MASK) + 1;
        int inFirst = (int) (nextVa - va);
        long firstPa = translation.translateData(va, inFirst, Access.WRITE, context);
        if (hart.trapCause >= 0) {
            return;
        }
        long nextPa = translation.translateData(nextVa, (1 << sizeLog2) - inFirst, Access.WRITE, context);
        if (hart.trapCause >= 0) {
            return;
        }
        if (!memory.isRam(firstPa, 1) || !memory.isRam(nextPa, 1)) {
            translation.accessFault(memory.isRam(firstPa, 1) ? nextVa : va, Access.WRITE, context);
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
            translation.accessFault(va, Access.WRITE, context);
            return;
        }
        bus.store(device, hart.timePs(), pa, 1 << sizeLog2, value);
        deviceTouched(HpmEvent.DEVICE_STORES);
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
        long pa = translation.translateData(va, 1 << sizeLog2, Access.READ, hart.dataContext);
        if (hart.trapCause >= 0) {
            return 0;
        }
        long host = mapRead(va, pa);
        if (host == 0) {
            translation.accessFault(va, Access.READ, hart.dataContext);
            return 0;
        }
        hart.reservationPa = pa & ~7L;
        return signed(HostMemory.load(host, sizeLog2), sizeLog2);
    }

    long storeConditional(long va, int sizeLog2, long value) {
        if (misaligned(va, sizeLog2, Cause.STORE_MISALIGNED)) {
            return 1;
        }
        long pa = translation.translateAtomic(va, sizeLog2);
        if (hart.trapCause >= 0) {
            return 1;
        }
        if (!memory.isRam(pa, 1)) {
            translation.accessFault(va, Access.WRITE, hart.dataContext);
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
        long pa = translation.translateAtomic(va, sizeLog2);
        if (hart.trapCause >= 0) {
            return;
        }
        boolean table = memory.isTable(pa);
        long host = memory.mapWrite(pa);
        if (host == 0) {
            translation.accessFault(va, Access.WRITE, hart.dataContext);
            return;
        }
        CompareAndSwap.execute(hart, host, rd, rs2, sizeLog2);
        written(va, pa, host, table);
    }

    long atomic(int operation, long va, int sizeLog2, long operand) {
        if (misaligned(va, sizeLog2, Cause.STORE_MISALIGNED)) {
            return 0;
        }
        long pa = translation.translateAtomic(va, sizeLog2);
        if (hart.trapCause >= 0) {
            return 0;
        }
        boolean table = memory.isTable(pa);
        long host = memory.mapWrite(pa);
        if (host == 0) {
            translation.accessFault(va, Access.WRITE, hart.dataContext);
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

    private static final int PARCEL = 2;

    long fetchPa(long va) {
        long pa = translation.translate(va, PARCEL, Access.EXECUTE, hart.fetchContext);
        if (hart.trapCause >= 0) {
            return -1;
        }
        if (!memory.isRam(pa, 2)) {
            translation.accessFault(va, Access.EXECUTE, hart.fetchContext);
            return -1;
        }
        memory.watchCode(pa);
        if ((!state.pmp.undivided(pa) || state.triggers.onPage(va, false)) && !secondParcel(va, pa)) {
            return -1;
        }
        return pa;
    }

    /**
     * For a page that is to be asked about for every instruction: ends the engine's run behind this one, makes it
     * forget the page, and checks the second half of an instruction that begins here. An instruction that crosses into
     * the next page asks for that half by itself.
     */
    private boolean secondParcel(long va, long pa) {
        hart.deadline = Math.min(hart.deadline, hart.cycle + 1);
        hart.translationGeneration++;
        boolean whole = va != hart.pc || (va & PAGE_MASK) > PAGE_MASK + 1 - 2 * PARCEL || (memory.u16(pa) & 3) != 3;
        if (whole || state.pmp.permits(pa + PARCEL, PARCEL, Access.EXECUTE, hart.fetchContext & Access.PRIVILEGE)) {
            return true;
        }
        translation.accessFault(va + PARCEL, Access.EXECUTE, hart.fetchContext);
        return false;
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
            if (translation.walk(va, Access.EXECUTE, hart.fetchContext | Access.PROBE) != Walker.OK) {
                return -1;
            }
            pa = translation.walker().pa();
        }
        return memory.isRam(pa, 2) ? memory.u16(pa) : -1;
    }

    // HLV, HLVX and HSV.

    long guestLoad(long va, int sizeLog2, int context) {
        if (crosses(va, sizeLog2)) {
            return loadCrossing(va, sizeLog2, context);
        }
        long pa = translation.translateData(va, 1 << sizeLog2, Access.READ, context);
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
        long pa = translation.translateData(va, 1 << sizeLog2, Access.WRITE, context);
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
