package calvin.machine.hart;

import static calvin.machine.hart.Status.*;

import calvin.machine.isa.Csr;
import calvin.machine.mmu.Pmp;
import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * The contents of a hart's control and status registers, and what follows from them at once: pending interrupts,
 * counters, time. Access rules are {@link CsrUnit}'s.
 *
 * <p>Rows of the table that stand for several registers have no contents here: they read as zero.
 */
final class CsrState {
    private static final int COUNT = Csr.values().length;

    final Hart hart;
    final long timePeriodPs;
    /** Physical memory protection: pmpcfg and pmpaddr. */
    final Pmp pmp;
    final Triggers triggers;
    final Counters counters;
    final StateEnables enables = new StateEnables(this);
    final HartModel model;
    /** Interrupts as Smaia and Ssaia have them. */
    final AiaState aia = new AiaState(this);
    @Published
    private final long[] value = new long[COUNT];
    /** Interrupt wires from outside the hart: MSIP, MTIP, MEIP, SEIP. */
    @Published
    private long lines;

    CsrState(Hart hart, long timePeriodPs, HartModel model) {
        this.hart = hart;
        this.timePeriodPs = timePeriodPs;
        this.model = model;
        pmp = new Pmp(model.pmpEntries(), model.pmpOpenAtReset());
        triggers = new Triggers(hart, this, model.triggers());
        counters = new Counters(hart, this);
        reset();
    }

    void reset() {
        java.util.Arrays.fill(value, 0);
        pmp.reset();
        triggers.reset();
        enables.reset();
        aia.reset();
        counters.reset();
        set(Csr.MHARTID, hart.id);
        set(Csr.MVENDORID, model.vendorId());
        set(Csr.MARCHID, model.architectureId());
        set(Csr.MIMPID, model.implementationId());
        // ours: the timers' reset value is undefined; never is the useful one.
        set(Csr.STIMECMP, -1L);
        set(Csr.VSTIMECMP, -1L);
        // ours: page walks update A and D (Svadu) until software clears ADUE, as QEMU's default CPU does.
        set(Csr.MENVCFG, model.updatesAtReset() ? ENV_ADUE : 0);
        set(Csr.HENVCFG, model.updatesAtReset() ? ENV_ADUE : 0);
    }

    long get(Csr csr) {
        return value[csr.ordinal()];
    }

    void set(Csr csr, long contents) {
        value[csr.ordinal()] = contents;
    }

    boolean has(Csr csr, long bits) {
        return (value[csr.ordinal()] & bits) != 0;
    }

    void setBits(Csr csr, long bits, boolean on) {
        long old = value[csr.ordinal()];
        value[csr.ordinal()] = on ? old | bits : old & ~bits;
    }

    /** Sets the bits of {@code mask} to those of {@code contents}. */
    void merge(Csr csr, long mask, long contents) {
        int i = csr.ordinal();
        value[i] = value[i] & ~mask | contents & mask;
    }

    void setLine(long bit, boolean high) {
        lines = high ? lines | bit : lines & ~bit;
    }

    // Time and counters.

    /** The time CSR with V=0: ticks since the start of the experiment. */
    long time() {
        return hart.timePs() / timePeriodPs;
    }

    /** The time CSR as a guest sees it. */
    long guestTime() {
        return time() + get(Csr.HTIMEDELTA);
    }

    // Interrupts.

    long delegated() {
        return get(Csr.MIDELEG) | H_INTERRUPTS;
    }

    boolean stimecmpWorks() {
        return has(Csr.MENVCFG, ENV_STCE);
    }

    boolean vstimecmpWorks() {
        return (get(Csr.MENVCFG) & get(Csr.HENVCFG) & ENV_STCE) != 0;
    }

    /** mip: software bits, wires, injected VS interrupts, guest files, and timers compared with the time now. */
    long pending() {
        counters.settle();
        // aia 5.3: mvien.SEI takes software's SEIP bit out of mip.
        long software = get(Csr.MIP) & ~(get(Csr.MVIEN) & SEIP);
        long pending = software | lines | get(Csr.HVIP) & VS_INTERRUPTS | aia.guestPending();
        if (stimecmpWorks()) {
            long now = time();
            pending = Long.compareUnsigned(now, get(Csr.STIMECMP)) >= 0 ? pending | STIP : pending & ~STIP;
            if (has(Csr.HENVCFG, ENV_STCE) && Long.compareUnsigned(now + get(Csr.HTIMEDELTA),
                    get(Csr.VSTIMECMP)) >= 0) {
                pending |= VSTIP;
            }
        }
        return pending;
    }

    /**
     * The code of the interrupt to take at this boundary, or -1 (priv 3.1.6.1, 3.1.9; H, "Virtual Supervisor
     * Interrupts"). With Smaia {@link AiaState} chooses, and adds the level.
     */
    int deliverable() {
        if (aia.present()) {
            return aia.deliverable();
        }
        long ready = get(Csr.MIE) == 0 ? 0 : pending() & get(Csr.MIE);
        if (ready == 0) {
            return -1;
        }
        long delegated = delegated();
        int mode = hart.mode;
        if (mode != Hart.MODE_M || has(Csr.MSTATUS, MIE)) {
            long machine = ready & ~delegated;
            if (machine != 0) {
                return calvin.machine.isa.Cause.highestPriority(machine);
            }
        }
        if (mode == Hart.MODE_M) {
            return -1;
        }
        long hideleg = get(Csr.HIDELEG);
        if (mode != Hart.MODE_S || has(Csr.MSTATUS, SIE)) {
            long supervisor = ready & delegated & ~hideleg;
            if (supervisor != 0) {
                return calvin.machine.isa.Cause.highestPriority(supervisor);
            }
        }
        if (mode < Hart.MODE_V || mode == Hart.MODE_V + Hart.MODE_S && !has(Csr.VSSTATUS, SIE)) {
            return -1;
        }
        long guest = ready & delegated & hideleg;
        return guest == 0 ? -1 : calvin.machine.isa.Cause.highestPriority(guest);
    }

    /** Whether WFI ends: some interrupt is pending and enabled by itself, whatever the modes say. */
    boolean wakes() {
        return aia.present() ? aia.wakes() : get(Csr.MIE) != 0 && (pending() & get(Csr.MIE)) != 0;
    }

    /**
     * A cycle at or before which a timer interrupt that is enabled in mie and not pending now, or a counter's overflow,
     * becomes pending; MAX_VALUE for never.
     */
    long timerCycle() {
        counters.settle();
        boolean overflowMatters = !hart.waiting || has(Csr.MIE, LCOFIP);
        return overflowMatters ? Math.min(ownTimerCycle(), counters.overflowCycle()) : ownTimerCycle();
    }

    private long ownTimerCycle() {
        if (!stimecmpWorks() || !has(Csr.MIE, STIP | VSTIP)) {
            return Long.MAX_VALUE;
        }
        long now = time();
        long ticks = Long.MAX_VALUE;
        if (has(Csr.MIE, STIP) && Long.compareUnsigned(now, get(Csr.STIMECMP)) < 0) {
            ticks = positive(get(Csr.STIMECMP) - now);
        }
        long guestNow = now + get(Csr.HTIMEDELTA);
        if (has(Csr.MIE, VSTIP) && has(Csr.HENVCFG, ENV_STCE)
                && Long.compareUnsigned(guestNow, get(Csr.VSTIMECMP)) < 0) {
            ticks = Math.min(ticks, positive(get(Csr.VSTIMECMP) - guestNow));
        }
        if (ticks >= (Long.MAX_VALUE - hart.timePs()) / timePeriodPs - 1) {
            return Long.MAX_VALUE;
        }
        return Math.ceilDiv((now + ticks) * timePeriodPs, hart.periodPs);
    }

    private static long positive(long ticks) {
        return ticks < 0 ? Long.MAX_VALUE : ticks;
    }

    void save(StateWriter out) {
        counters.settle();
        out.u64s(value);
        counters.save(out);
        out.u64(lines);
        pmp.save(out);
        triggers.save(out);
        enables.save(out);
        aia.save(out);
    }

    void load(StateReader in) {
        in.u64s(value);
        counters.load(in);
        lines = in.u64();
        pmp.load(in);
        triggers.load(in);
        enables.load(in);
        aia.load(in);
    }
}
