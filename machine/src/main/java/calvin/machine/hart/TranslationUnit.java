package calvin.machine.hart;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mmu.Access;
import calvin.machine.mmu.WalkListener;
import calvin.machine.mmu.Walker;
import calvin.machine.timing.TimingModel;
import calvin.sim.state.Derived;

/**
 * From virtual addresses to physical ones for one hart: walks, physical memory protection, the faults of both, and the
 * TLB, which holds nothing that a walk would not give.
 *
 * <p>A page of which not all bytes are to be treated alike (a border of PMP inside it, a watched range) never enters
 * the TLB (ADR 8).
 */
final class TranslationUnit {
    private static final int PAGE_MASK = MemoryUnit.PAGE_MASK;

    private final Hart hart;
    private final CsrState state;
    private final Walker walker;
    private final Watches watches;
    private final PhysicalMemory memory;
    @Derived(from = "the fidelity of the machine")
    private AccessTimer timer;
    private final AddressSpaces spaces = new AddressSpaces();
    private final SecondTlb second = new SecondTlb();
    /** Spaces of which the TLB may hold pieces of a larger page, which a fence of one address must find. */
    @Derived(from = "the TLB")
    private int superpages;

    TranslationUnit(Hart hart, CsrState state, PhysicalMemory memory) {
        this.hart = hart;
        this.state = state;
        this.memory = memory;
        walker = new Walker(memory, state.pmp);
        watches = new Watches(hart, this::flush);
    }

    Watches watches() {
        return watches;
    }

    Walker walker() {
        return walker;
    }

    // Translation.

    /** Physical address of bytes on one page, or -1 with a trap pending. */
    long translate(long va, int bytes, int access, int context) {
        int privilege = context & Access.PRIVILEGE;
        int result = privilege == Hart.MODE_M ? Walker.OK : walk(va, access, context);
        long pa = privilege == Hart.MODE_M ? va : walker.pa();
        if (result == Walker.OK && state.pmp.permits(pa, bytes, access, privilege)) {
            return pa;
        }
        raise(result == Walker.OK ? Walker.ACCESS_FAULT : result, va, access, context);
        return -1;
    }

    /** As above for a load or store, which those who watch are told of. */
    long translateData(long va, int bytes, int access, int context) {
        long pa = translate(va, bytes, access, context);
        if (hart.trapCause < 0) {
            tell(access == Access.READ ? Watches.READ : Watches.WRITE, va, pa, bytes);
        }
        return pa;
    }

    /** As above for an aligned atomic, which needs the permission to write and does both. */
    long translateAtomic(long va, int sizeLog2) {
        long pa = translate(va, 1 << sizeLog2, Access.WRITE, hart.dataContext);
        if (hart.trapCause < 0) {
            tell(Watches.READ | Watches.WRITE, va, pa, 1 << sizeLog2);
        }
        return pa;
    }

    /** As above for all of the cache block that holds {@code va}. */
    long translateBlock(long va, int access) {
        long pa = translate(va, 1, access, hart.dataContext);
        if (hart.trapCause >= 0) {
            return -1;
        }
        long block = pa & -CacheBlocks.BYTES;
        if (!state.pmp.permits(block, CacheBlocks.BYTES, access, hart.dataContext & Access.PRIVILEGE)) {
            raise(Walker.ACCESS_FAULT, va, access, hart.dataContext);
            return -1;
        }
        tell(Watches.WRITE, va & -CacheBlocks.BYTES, block, CacheBlocks.BYTES);
        return pa;
    }

    private void tell(int kinds, long va, long pa, int bytes) {
        watches.accessed(kinds, va, pa, bytes);
        if (timer != null) {
            timer.accessed(hart, kinds, va, pa, bytes, memory.isRam(pa, 1));
        }
    }

    /** Who prices accesses from now on; null for nobody. */
    void setTimer(AccessTimer value) {
        timer = value;
        flush();
    }

    AccessTimer timer() {
        return timer;
    }

    /**
     * What translates loads and stores now, or fetches, as one number: 0 where nothing does. Equal numbers mean equal
     * translations as long as no table changes.
     */
    long translationKey(boolean instruction) {
        int context = instruction ? hart.fetchContext : hart.dataContext;
        if ((context & Access.PRIVILEGE) == Hart.MODE_M) {
            return 0;
        }
        boolean virtual = (context & Access.VIRTUAL) != 0;
        long atp = state.get(virtual ? Csr.VSATP : Csr.SATP);
        long guestAtp = virtual ? state.get(Csr.HGATP) : 0;
        return atp >>> 60 == 0 && guestAtp >>> 60 == 0 ? 0 : TimingModel.space(atp, guestAtp);
    }

    /**
     * Walks as a load or fetch of the present mode does, changing nothing and telling {@code listener}.
     *
     * @return binary logarithm of the page's size, or 0 where nothing is mapped
     */
    int probe(long va, boolean instruction, WalkListener listener) {
        int context = (instruction ? hart.fetchContext : hart.dataContext) | Access.PROBE;
        walker.setListener(listener);
        int result = walk(va, instruction ? Access.EXECUTE : Access.READ, context);
        walker.setListener(WalkListener.NONE);
        return result == Walker.OK ? walker.pageShift() : 0;
    }

    /** Whether all bytes of the page may be accessed without asking here. */
    boolean plain(long va, long pa) {
        return timer == null && state.pmp.undivided(pa) && !watches.onPage(va, pa)
                && !state.triggers.onPage(va, true);
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

    void fill(long va, long pa, long host, boolean read, boolean write) {
        if (!plain(va, pa)) {
            return;
        }
        hart.stats.tlbFills++;
        long page = va & ~PAGE_MASK;
        long tag = page | hart.dataContext;
        int i = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
        if (hart.tlbReadTag[i] != tag && hart.tlbWriteTag[i] != tag) {
            displace(i, tag);
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
            superpages |= walker.superpage() ? 1 << space(hart.dataContext) : 0;
        }
    }

    /** Keeps what is in entry {@code i} if the owner of {@code tag} is another address space, or if there is room. */
    private void displace(int i, long tag) {
        long old = hart.tlbReadTag[i] & hart.tlbWriteTag[i];
        if (old != Hart.TLB_EMPTY && (space(old) != space(tag) || second.used())) {
            second.put(hart, i);
        }
    }

    /** Whether the TLB has the page now, because it had been displaced only; {@code access} is READ or WRITE. */
    boolean refill(long va, int access) {
        long tag = va & ~PAGE_MASK | hart.dataContext;
        return second.exchange(hart, (int) (va >>> 12) & Hart.TLB_ENTRIES - 1, tag, access == Access.WRITE);
    }

    /** The number of the address space in use, at its place in a context. */
    int space(boolean virtual) {
        int number = virtual
                ? spaces.guest(state.get(Csr.VSATP), state.get(Csr.HGATP))
                : spaces.host(state.get(Csr.SATP));
        if (spaces.lost() >= 0) {
            flush(1 << spaces.lost());
        }
        return number << AddressSpaces.SHIFT;
    }

    private static int space(long tag) {
        return (int) (tag >>> AddressSpaces.SHIFT) & 15;
    }

    /** Forgets all translations; an engine's own follow {@link Hart#translationGeneration}. */
    void flush() {
        java.util.Arrays.fill(hart.tlbReadTag, Hart.TLB_EMPTY);
        java.util.Arrays.fill(hart.tlbWriteTag, Hart.TLB_EMPTY);
        second.clear();
        superpages = 0;
        hart.stats.tlbFlushes++;
        hart.translationGeneration++;
    }

    /** Forgets translations of a set of address spaces. */
    private void flush(int set) {
        for (int i = 0; i < Hart.TLB_ENTRIES; i++) {
            flushEntry(i, set);
        }
        second.clear(set);
        superpages &= ~set;
        hart.stats.tlbFlushes++;
        hart.translationGeneration++;
    }

    private void flushEntry(int i, int set) {
        // An empty tag has a number that no space has.
        if ((set >>> space(hart.tlbReadTag[i] & hart.tlbWriteTag[i]) & 1) != 0) {
            hart.tlbReadTag[i] = Hart.TLB_EMPTY;
            hart.tlbWriteTag[i] = Hart.TLB_EMPTY;
        }
    }

    /** Forgets translations of one page in a set of address spaces. */
    private void flush(int set, long va) {
        if ((superpages & set) != 0) {
            flush(set);
            return;
        }
        flushEntry((int) (va >>> 12) & Hart.TLB_ENTRIES - 1, set);
        second.clear(set, va);
        hart.stats.tlbFlushes++;
        hart.translationGeneration++;
    }

    /**
     * SFENCE.VMA (kind 0), HFENCE.VVMA (1) and HFENCE.GVMA (2): drops what the operands name, or a little more.
     *
     * @param id ASID, for HFENCE.GVMA VMID
     */
    void fence(int kind, boolean virtual, long va, long id, boolean vaGiven, boolean idGiven) {
        long chosen = idGiven ? id & 0xFFFF : -1;
        int set = switch (kind) {
            case 0 -> virtual ? currentGuests(chosen) : spaces.hosts(chosen);
            case 1 -> currentGuests(chosen);
            default -> spaces.guests(chosen, -1);
        };
        // A guest physical address says nothing of where in the TLB it is.
        if (vaGiven && kind != 2) {
            flush(set, va);
        } else {
            flush(set);
        }
    }

    private int currentGuests(long asid) {
        return spaces.guests(AddressSpaces.vmid(state.get(Csr.HGATP)), asid);
    }

    void flushWrites() {
        second.clearWrites();
        java.util.Arrays.fill(hart.tlbWriteTag, Hart.TLB_EMPTY);
    }

    /** Drops entries that lead to the frame at {@code host}: those for writing, or all. */
    void drop(long host, boolean writesOnly) {
        second.drop(host, writesOnly);
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
}
