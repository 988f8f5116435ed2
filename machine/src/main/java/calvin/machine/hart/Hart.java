package calvin.machine.hart;

import calvin.sim.state.Derived;
import calvin.sim.state.Published;

/**
 * The architectural state of one hardware thread, and the few caches that the execution engines share.
 *
 * <p>Fields are public because engines are other packages and every access is hot. Rules:
 * <ul>
 * <li>{@code x[0]} is always 0; predecoded instructions write to {@code x[32]} instead, a sink that nothing reads.
 * <li>{@code cycle} is the hart's own clock: its time is {@code cycle * periodPs}. An instruction costs one cycle;
 * traps, MMIO and hosted kernels charge more. While a hart waits, {@code cycle} jumps.
 * <li>An engine may keep {@code pc}, {@code cycle} and {@code instret} in locals, but has stored them before it calls
 * anything that may look at them (slow memory paths, CSR accesses, traps), and reads {@code deadline} and {@code cycle}
 * again afterwards.
 * <li>An engine stops at the first instruction boundary at which {@code cycle >= deadline}. Whoever makes an interrupt
 * deliverable, or arms an event that lies before it, lowers {@code deadline}. So where a run is cut never changes what
 * it computes.
 * <li>A trap is pending when {@code trapCause >= 0}: the instruction at {@code pc} has had no effect and has not been
 * counted.
 * </ul>
 */
public final class Hart {
    public static final int MODE_U = 0;
    public static final int MODE_S = 1;
    public static final int MODE_M = 3;
    /** Added to a mode while virtualization (V) is 1: VU is 4, VS is 5. */
    public static final int MODE_V = 4;

    public static final int TLB_ENTRIES = 1024;
    /** No tag is all ones: a context is smaller than 0xFFF. */
    public static final long TLB_EMPTY = -1L;

    /** Number within the machine. */
    public final int id;
    /** Length of a cycle in picoseconds. */
    public final long periodPs;

    @Published
    public final long[] x = new long[33];
    /** Raw bits; single precision values are NaN-boxed. */
    @Published
    public final long[] f = new long[32];
    @Published
    public long pc;
    /** {@code frm << 5 | fflags}. */
    @Published
    public int fcsr;
    /** MODE_U, MODE_S or MODE_M, plus MODE_V. */
    @Published
    public int mode = MODE_M;
    @Published
    public long cycle;
    @Published
    public long instret;
    /** Physical address of the reserved doubleword ({@code pa & ~7}), or -1. */
    @Published
    public long reservationPa = -1;
    /** In WFI, or stopped by HSM: executes nothing until woken. */
    @Published
    public boolean waiting;

    /** Stop at the first boundary with {@code cycle >= deadline}. */
    @Derived(from = "the lane's next event and pending interrupts")
    public long deadline;

    /** Pending exception code, or -1. Consumed by the trap entry, never pending between events. */
    @Derived(from = "nothing: -1 between events")
    public int trapCause = -1;
    /** Goes to xtval. */
    @Derived(from = "nothing: unused between events")
    public long trapValue;
    /** Guest physical address of a guest-page fault, unshifted; goes to htval or mtval2 shifted right by 2. */
    @Derived(from = "nothing: unused between events")
    public long trapGuestPa;
    /** Transformed or pseudo instruction for htinst or mtinst, or 0. */
    @Derived(from = "nothing: unused between events")
    public long trapInstruction;
    /** xtval holds a guest virtual address (GVA). */
    @Derived(from = "nothing: unused between events")
    public boolean trapGuestVa;

    /**
     * Data TLB, direct mapped by {@code (va >>> 12) & (TLB_ENTRIES - 1)}. A tag is {@code (va & ~0xFFF) | context}; a
     * hit means that {@code va + tlbAddend} is the host address of the byte, for the whole page. A page that needs a
     * slow path for stores (clean, shared, code, watched) has an empty write tag. Device pages are never in it.
     */
    @Derived(from = "page tables")
    public final long[] tlbReadTag = new long[TLB_ENTRIES];
    @Derived(from = "page tables")
    public final long[] tlbWriteTag = new long[TLB_ENTRIES];
    @Derived(from = "page tables")
    public final long[] tlbAddend = new long[TLB_ENTRIES];
    /** Physical address of the entry's page, for reservations. */
    @Derived(from = "page tables")
    public final long[] tlbPa = new long[TLB_ENTRIES];
    /** Context of loads and stores: effective privilege, V, SUM, MXR, number of the address space. Below 0xF00. */
    @Derived(from = "mode, status and translation registers")
    public int dataContext;
    /** Context of instruction fetch: privilege, V, number of the address space. Below 0xF00. */
    @Derived(from = "mode and translation registers")
    public int fetchContext;
    /** Changes whenever a translation may have gone stale; an engine's own fetch cache compares it. */
    @Derived(from = "fences and page tables")
    public long translationGeneration;

    @Derived(from = "how the hart was executed")
    public final HartStats stats = new HartStats();

    public Hart(int id, long periodPs) {
        this.id = id;
        this.periodPs = periodPs;
        java.util.Arrays.fill(tlbReadTag, TLB_EMPTY);
        java.util.Arrays.fill(tlbWriteTag, TLB_EMPTY);
    }

    /** Records an exception for the instruction at {@code pc}. */
    public void raise(int cause, long value) {
        trapCause = cause;
        trapValue = value;
        trapGuestPa = 0;
        trapInstruction = 0;
        trapGuestVa = false;
    }

    /** The hart's time in picoseconds. */
    public long timePs() {
        return cycle * periodPs;
    }
}
