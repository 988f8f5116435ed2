package calvin.machine.mmu;

import calvin.machine.mem.HostMemory;
import calvin.machine.mem.PhysicalMemory;
import calvin.sim.state.Derived;

/**
 * Walks page tables: one stage (satp), or two (vsatp, then hgatp for every address the first stage touches or gives).
 *
 * <p>A and D bits are set by the walk where the caller says so (Svadu, menvcfg.ADUE and henvcfg.ADUE); otherwise a
 * missing one is a page fault (Svade). Page tables must be RAM that PMP lets S mode reach: a walk that leaves it ends
 * in an access fault.
 *
 * <p>Pages it reads entries from are watched, so TLBs follow every store to them without a fence: more coherent than
 * the manual asks for, and what makes a run independent of when its TLBs were dropped.
 *
 * <p>Cost: one RAM lookup per level; two-stage Sv48 reads up to 24 entries. The results stay in fields until the next
 * walk.
 *
 * <p>Spec: priv, "Virtual Address Translation Process", "Two-Stage Address Translation". "Svnapot", "Svpbmt".
 * Memory types need no more than checking: RAM here is coherent and ordered, and what is a device is so whatever the
 * entry says.
 */
public final class Walker {
    public static final int OK = 0;
    public static final int PAGE_FAULT = 1;
    public static final int ACCESS_FAULT = 2;
    public static final int GUEST_PAGE_FAULT = 3;

    /**
     * Pseudo-instructions for htinst and mtinst when the fault hit an implicit 64-bit access (priv H, trap instruction
     * values).
     */
    private static final long IMPLICIT_READ = 0x3000;
    private static final long IMPLICIT_WRITE = 0x3020;

    /** Page tables are accessed as S mode does (priv 3.7.2). */
    private static final int SUPERVISOR = 1;

    private static final int PTE_BYTES = 8;
    private static final long VALID = 1;
    private static final long READABLE = 1 << 1;
    private static final long WRITABLE = 1 << 2;
    private static final long EXECUTABLE = 1 << 3;
    private static final long USER = 1 << 4;
    private static final long ACCESSED = 1 << 6;
    private static final long DIRTY = 1 << 7;
    private static final long RESERVED = 0x1FC0_0000_0000_0000L;
    /** PBMT: 0 as the platform says, 1 non-cacheable, 2 I/O, 3 reserved. */
    private static final long MEMORY_TYPE = 3L << 61;
    /** N: the entry is one of a naturally aligned run that maps one range. */
    private static final long NAPOT = 1L << 63;
    /** The only encoding of the run's length, in ppn[3:0]: 64 KiB. */
    private static final long NAPOT_LENGTH = 8;
    private static final long NAPOT_MASK = 0xFFFF;
    private static final long NOT_IN_POINTERS = USER | ACCESSED | DIRTY | MEMORY_TYPE | NAPOT;
    private static final long PAGE_MASK = 4095;
    private static final long PPN_MASK = (1L << 44) - 1;

    private final PhysicalMemory memory;
    private final Pmp pmp;

    @Derived(from = "the last walk")
    private long pa;
    @Derived(from = "the last walk")
    private long gpa;
    @Derived(from = "the last walk")
    private long pseudoInstruction;
    @Derived(from = "the last walk")
    private boolean writable;
    @Derived(from = "the last walk")
    private boolean superpage;
    /** Bits of the address that neither stage translated. */
    @Derived(from = "the last walk")
    private long inside;
    @Derived(from = "the last walk")
    private int steps;
    @Derived(from = "the last walk")
    private long hgatp;
    @Derived(from = "the last walk")
    private boolean updateGuest;
    @Derived(from = "the last walk")
    private int context;
    @Derived(from = "whoever prices walks, while it does")
    private WalkListener listener = WalkListener.NONE;

    public Walker(PhysicalMemory memory, Pmp pmp) {
        this.memory = memory;
        this.pmp = pmp;
    }

    /** Physical address that the last successful walk found. */
    public long pa() {
        return pa;
    }

    /** Guest physical address that the last walk translated or failed at. */
    public long gpa() {
        return gpa;
    }

    /** After a guest-page fault of an implicit access: what htinst says. Otherwise 0. */
    public long pseudoInstruction() {
        return pseudoInstruction;
    }

    /** After a successful walk: a store to the page needs no further walk (all stages writable and dirty). */
    public boolean writable() {
        return writable;
    }

    /** After a successful walk: some stage mapped more than 4 KiB. */
    public boolean superpage() {
        return superpage;
    }

    /** After a successful walk: binary logarithm of the bytes that the smaller page of the two stages maps. */
    public int pageShift() {
        return Math.min(63, 64 - Long.numberOfLeadingZeros(inside));
    }

    /** Who hears of entries from now on; {@link WalkListener#NONE} for nobody. */
    public void setListener(WalkListener value) {
        listener = value;
    }

    /** Page-table entries read by the last walk. */
    public int steps() {
        return steps;
    }

    /**
     * Translates an access below M mode.
     *
     * @param access      {@link Access#READ}, {@link Access#WRITE} or {@link Access#EXECUTE}
     * @param context     bits of {@link Access}
     * @param atp         satp, or vsatp when virtual
     * @param hgatp       used when virtual
     * @param update      the first stage sets A and D
     * @param updateGuest the G stage sets A and D
     * @return {@link #OK} or what went wrong
     */
    public int walk(long va, int access, int context, long atp, long hgatp, boolean update, boolean updateGuest) {
        int result = walkFirst(va, access, context, atp, hgatp, update, updateGuest);
        return result != OK || (context & Access.VIRTUAL) == 0 ? result : walkSecond(access);
    }

    /** As {@link #walk}, but when virtual it ends with the guest physical address, {@link #gpa}. */
    public int walkFirst(long va, int access, int context, long atp, long hgatp, boolean update,
            boolean updateGuest) {
        this.hgatp = hgatp;
        this.updateGuest = updateGuest;
        this.context = context;
        steps = 0;
        writable = true;
        superpage = false;
        inside = -1;
        pseudoInstruction = 0;
        gpa = 0;
        boolean virtual = (context & Access.VIRTUAL) != 0;
        int mode = (int) (atp >>> 60);
        if (mode != 0) {
            int result = firstStage(va, access, virtual, mode - 5, atp, update);
            if (result != OK) {
                return result;
            }
        } else {
            superpage = true;
            pa = va;
        }
        gpa = virtual ? pa : 0;
        return OK;
    }

    /** Goes on from the guest physical address that {@link #walkFirst} found. */
    public int walkSecond(int access) {
        long reached = gpa;
        int result = guestStage(reached, access, false);
        gpa = reached;
        return result;
    }

    private int firstStage(long va, int access, boolean virtual, int levels, long atp, boolean update) {
        int unused = 64 - 12 - 9 * levels;
        if (va << unused >> unused != va) {
            return PAGE_FAULT;
        }
        long table = (atp & PPN_MASK) << 12;
        for (int level = levels - 1; level >= 0; level--) {
            int shift = 12 + 9 * level;
            long pteGpa = table + (va >>> shift & 511) * 8;
            long ptePa = pteGpa;
            if (virtual) {
                int result = guestStage(pteGpa, Access.READ, true);
                if (result != OK) {
                    return result;
                }
                ptePa = pa;
            }
            long host = memory.readHost(ptePa);
            if (host == 0 || !pmp.permits(ptePa, PTE_BYTES, Access.READ, SUPERVISOR)) {
                return ACCESS_FAULT;
            }
            steps++;
            memory.watchTable(ptePa);
            long pte = HostMemory.i64(host);
            if (!wellFormed(pte, Access.MEMORY_TYPES)) {
                return PAGE_FAULT;
            }
            boolean pointer = (pte & (READABLE | EXECUTABLE)) == 0;
            listener.entry(ptePa, false, !pointer);
            if (pointer) {
                if ((pte & NOT_IN_POINTERS) != 0) {
                    return PAGE_FAULT;
                }
                table = (pte >>> 10 & PPN_MASK) << 12;
                continue;
            }
            if (!permits(pte, access) || !aligned(pte, level)) {
                return PAGE_FAULT;
            }
            return firstLeaf(va, access, virtual, shift, pte, pteGpa, ptePa, update);
        }
        return PAGE_FAULT;
    }

    private int firstLeaf(long va, int access, boolean virtual, int shift, long pte, long pteGpa, long ptePa,
            boolean update) {
        long missing = missing(pte, access);
        if (missing != 0) {
            if (!update) {
                return PAGE_FAULT;
            }
            if (virtual) {
                int result = guestStage(pteGpa, Access.WRITE, true);
                if (result != OK) {
                    return result;
                }
            }
            if (!pmp.permits(ptePa, PTE_BYTES, Access.WRITE, SUPERVISOR)) {
                return ACCESS_FAULT;
            }
            memory.updateTable(ptePa, pte | missing);
        }
        inside = inside(pte, shift);
        writable = (pte & WRITABLE) != 0 && ((pte | missing) & DIRTY) != 0;
        superpage = inside > PAGE_MASK;
        pa = ((pte >>> 10 & PPN_MASK) << 12 & ~inside) | va & inside;
        return OK;
    }

    /** Translates {@code guestPa} into {@link #pa}; {@code implicit} for an access of the VS-stage walk. */
    private int guestStage(long guestPa, int access, boolean implicit) {
        gpa = guestPa;
        pa = guestPa;
        int mode = (int) (hgatp >>> 60);
        if (mode == 0) {
            return OK;
        }
        int levels = mode - 5;
        if (guestPa >>> (14 + 9 * levels) != 0) {
            return guestFault(access, implicit);
        }
        long table = (hgatp & PPN_MASK & ~3L) << 12;
        long indexMask = 2047;
        for (int level = levels - 1; level >= 0; level--) {
            int shift = 12 + 9 * level;
            long ptePa = table + (guestPa >>> shift & indexMask) * 8;
            indexMask = 511;
            long host = memory.readHost(ptePa);
            if (host == 0 || !pmp.permits(ptePa, PTE_BYTES, Access.READ, SUPERVISOR)) {
                return ACCESS_FAULT;
            }
            steps++;
            memory.watchTable(ptePa);
            long pte = HostMemory.i64(host);
            if (!wellFormed(pte, Access.GUEST_MEMORY_TYPES)) {
                return guestFault(access, implicit);
            }
            boolean pointer = (pte & (READABLE | EXECUTABLE)) == 0;
            listener.entry(ptePa, true, !pointer);
            if (pointer) {
                if ((pte & NOT_IN_POINTERS) != 0) {
                    return guestFault(access, implicit);
                }
                table = (pte >>> 10 & PPN_MASK) << 12;
                continue;
            }
            // priv H: all accesses of the G stage are user accesses.
            if ((pte & USER) == 0 || !aligned(pte, level) || !permitsKind(pte, access,
                    !implicit && (context & Access.MXR) != 0, !implicit && (context & Access.HLVX) != 0)) {
                return guestFault(access, implicit);
            }
            long missing = missing(pte, access);
            if (missing != 0) {
                if (!updateGuest) {
                    return guestFault(access, implicit);
                }
                if (!pmp.permits(ptePa, PTE_BYTES, Access.WRITE, SUPERVISOR)) {
                    return ACCESS_FAULT;
                }
                memory.updateTable(ptePa, pte | missing);
            }
            long within = inside(pte, shift);
            if (!implicit) {
                inside = Long.compareUnsigned(within, inside) < 0 ? within : inside;
                writable &= (pte & WRITABLE) != 0 && ((pte | missing) & DIRTY) != 0;
                superpage |= within > PAGE_MASK;
            }
            pa = ((pte >>> 10 & PPN_MASK) << 12 & ~within) | guestPa & within;
            return OK;
        }
        return guestFault(access, implicit);
    }

    private int guestFault(int access, boolean implicit) {
        pseudoInstruction = !implicit ? 0 : access == Access.WRITE ? IMPLICIT_WRITE : IMPLICIT_READ;
        return GUEST_PAGE_FAULT;
    }

    /** {@code typesOn} is the context bit that permits memory types at this stage. */
    private boolean wellFormed(long pte, int typesOn) {
        long type = pte & MEMORY_TYPE;
        return (pte & VALID) != 0 && (pte & (READABLE | WRITABLE)) != WRITABLE && (pte & RESERVED) == 0
                && (type == 0 || type != MEMORY_TYPE && (context & typesOn) != 0);
    }

    /** Bits of an address that a leaf leaves as they are. */
    private static long inside(long pte, int shift) {
        return (pte & NAPOT) != 0 ? NAPOT_MASK : (1L << shift) - 1;
    }

    private static boolean aligned(long pte, int level) {
        if ((pte & NAPOT) != 0) {
            return level == 0 && (pte >>> 10 & 15) == NAPOT_LENGTH;
        }
        return (pte >>> 10 & (1L << 9 * level) - 1) == 0;
    }

    private boolean permits(long pte, int access) {
        boolean user = (pte & USER) != 0;
        if ((context & Access.PRIVILEGE) == 0
                ? !user
                : user
                        && (access == Access.EXECUTE || (context & Access.SUM) == 0)) {
            return false;
        }
        int mxr = (context & Access.VIRTUAL) != 0 ? Access.MXR | Access.VIRTUAL_MXR : Access.MXR;
        return permitsKind(pte, access, (context & mxr) != 0, (context & Access.HLVX) != 0);
    }

    private static boolean permitsKind(long pte, int access, boolean mxr, boolean hlvx) {
        return switch (access) {
            case Access.WRITE -> (pte & WRITABLE) != 0;
            case Access.EXECUTE -> (pte & EXECUTABLE) != 0;
            default -> hlvx ? (pte & EXECUTABLE) != 0 : (pte & (mxr ? READABLE | EXECUTABLE : READABLE)) != 0;
        };
    }

    private long missing(long pte, int access) {
        if ((context & Access.PROBE) != 0) {
            return 0;
        }
        return (access == Access.WRITE ? ACCESSED | DIRTY : ACCESSED) & ~pte;
    }
}
