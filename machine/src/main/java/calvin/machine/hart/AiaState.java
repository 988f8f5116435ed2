package calvin.machine.hart;

import static calvin.machine.hart.Status.*;

import calvin.machine.isa.Csr;
import calvin.sim.state.Derived;
import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * Interrupts of a hart as Smaia and Ssaia have them: virtual interrupts for S and VS level, priorities, guest external
 * interrupts, and which interrupt comes first at each level (aia 2, 5, 6). A hart has them when it has interrupt files;
 * without, everything here is zero and {@link CsrState} goes by the privileged manual alone.
 *
 * <p>Software's SEIP bit of mip and bit 9 of mvip are one bit, kept in mip.
 */
final class AiaState {
    /** Interrupts 13 to 63: local and custom ones. */
    static final long LOCAL = -1L << 13;
    /** Bits of mvien below 13 that can be set: SSI and SEI. */
    private static final int SEI = 9;
    private static final int MEI = 11;
    private static final int PRIORITY_WORDS = 8;

    private static final long VTI = 1L << 30;
    private static final long DPR = 1L << 9;
    private static final long IPRIOM = 1L << 8;
    private static final int VGEIN_SHIFT = 12;

    /** Levels in what {@link #deliverable} returns. */
    static final int TO_MACHINE = 0;
    static final int TO_SUPERVISOR = 1 << 16;
    static final int TO_GUEST = 2 << 16;

    private final CsrState state;
    @Derived(from = "the board: set once while the machine is built")
    private InterruptFiles files;
    /** The iprio arrays: a byte per interrupt. */
    @Published
    private final long[] machinePriority = new long[PRIORITY_WORDS];
    @Published
    private final long[] supervisorPriority = new long[PRIORITY_WORDS];
    /** Bits of sie and vsie that are no aliases because the interrupt is virtual. */
    @Published
    private long ownSie;
    @Published
    private long ownVsie;
    /** hgeip: wires of guest interrupt files. */
    @Published
    private long guestLines;
    /** hviprio1 and hviprio2 by interrupt, while looking for the first one. */
    @Derived(from = "hviprio1, hviprio2")
    private final long[] guestPriority = new long[PRIORITY_WORDS];

    AiaState(CsrState state) {
        this.state = state;
    }

    void reset() {
        java.util.Arrays.fill(machinePriority, 0);
        java.util.Arrays.fill(supervisorPriority, 0);
        ownSie = 0;
        ownVsie = 0;
    }

    void attach(InterruptFiles hartFiles) {
        files = hartFiles;
    }

    boolean present() {
        return files != null;
    }

    InterruptFiles files() {
        return files;
    }

    // Guest external interrupts.

    int guests() {
        return files == null ? 0 : files.guests();
    }

    /** hgeip. */
    long guestLines() {
        return guestLines;
    }

    void setGuestLine(int number, boolean high) {
        guestLines = high ? guestLines | 1L << number : guestLines & ~(1L << number);
    }

    /** hstatus.VGEIN, 0 when it names no guest file. */
    int guest() {
        return (int) (state.get(Csr.HSTATUS) >>> VGEIN_SHIFT & 63);
    }

    /** The bits that guest files contribute to mip: SGEIP, and VSEIP from the guest that VGEIN selects. */
    long guestPending() {
        if (guestLines == 0) {
            return 0;
        }
        // Bit 0 is never set, so VGEIN = 0 selects nothing.
        return ((guestLines & state.get(Csr.HGEIE)) != 0 ? SGEIP : 0) | ((guestLines >>> guest() & 1) != 0 ? VSEIP : 0);
    }

    // Virtual interrupts (aia 5.3, 6.3.2).

    /** Interrupts whose bits in sip and sie are virtual: mvien says so and mideleg does not take them away. */
    long filtered() {
        return state.get(Csr.MVIEN) & ~state.get(Csr.MIDELEG);
    }

    /** mvip: bit 1 is mip's unless mvien separates it, 5 is mip's while that can be written, 9 is software's SEIP. */
    long mvip() {
        long fromMip = SEIP | (state.has(Csr.MVIEN, SSIP) ? 0 : SSIP) | (state.stimecmpWorks() ? 0 : STIP);
        return state.get(Csr.MIP) & fromMip | state.get(Csr.MVIP) & ~fromMip;
    }

    void setMvip(long contents) {
        boolean separate = state.has(Csr.MVIEN, SSIP);
        state.merge(Csr.MIP, SEIP | (separate ? 0 : SSIP) | (state.stimecmpWorks() ? 0 : STIP), contents);
        state.merge(Csr.MVIP, LOCAL | (separate ? SSIP : 0), contents);
    }

    /** What virtual interrupts add to sip. */
    long filteredPending() {
        long filtered = filtered();
        return filtered == 0 ? 0 : mvip() & filtered;
    }

    /** What virtual interrupts add to sie. */
    long filteredEnabled() {
        return ownSie & filtered();
    }

    /** The virtual interrupts' part of a write to sip; its SEIP is read-only. */
    void writeSip(long contents) {
        long writable = filtered() & (SSIP | LOCAL);
        if (writable != 0) {
            state.merge(Csr.MVIP, writable, contents);
        }
    }

    void writeSie(long contents) {
        long filtered = filtered();
        ownSie = ownSie & ~filtered | contents & filtered;
    }

    /** Bits of hideleg beyond those of H: interrupts that S level may have. */
    long delegableLocal() {
        return (state.get(Csr.MIDELEG) | state.get(Csr.MVIEN)) & LOCAL;
    }

    private long guestFiltered() {
        return state.get(Csr.HVIEN) & ~state.get(Csr.HIDELEG) & LOCAL;
    }

    /** Bits 13 to 63 of vsip, given sip. */
    long guestLocalPending(long sip) {
        return sip & state.get(Csr.HIDELEG) & LOCAL | state.get(Csr.HVIP) & guestFiltered();
    }

    /** Bits 13 to 63 of vsie, given sie. */
    long guestLocalEnabled(long sie) {
        return sie & state.get(Csr.HIDELEG) & LOCAL | ownVsie & guestFiltered();
    }

    void writeVsip(long contents) {
        state.merge(Csr.HVIP, guestFiltered(), contents);
    }

    void writeVsie(long contents) {
        long filtered = guestFiltered();
        ownVsie = ownVsie & ~filtered | contents & filtered;
    }

    /** Whether the hypervisor injects by hvictl alone and must see the guest's accesses to its interrupt registers. */
    boolean injectsByControl() {
        return state.has(Csr.HVICTL, VTI);
    }

    // Priorities.

    /** The word of an iprio array; {@code even} is the register's number from 0. */
    long priorities(boolean machine, int even) {
        return (machine ? machinePriority : supervisorPriority)[even >>> 1];
    }

    void setPriorities(boolean machine, int even, long contents) {
        (machine ? machinePriority : supervisorPriority)[even >>> 1] = contents;
    }

    // The first interrupt of a level.

    private long machineReady() {
        return state.pending() & state.get(Csr.MIE) & ~state.delegated();
    }

    private long supervisorReady() {
        long real = state.pending() & state.get(Csr.MIE) & state.delegated();
        return (real | filteredPending() & ownSie) & ~state.get(Csr.HIDELEG);
    }

    private long guestReady() {
        long hideleg = state.get(Csr.HIDELEG);
        long pending = state.pending();
        long real = (pending & state.get(Csr.MIE) & hideleg & VS_INTERRUPTS) >>> 1;
        if ((hideleg | state.get(Csr.HVIEN)) >>> 13 == 0) {
            return real;
        }
        long mideleg = state.get(Csr.MIDELEG);
        long sip = pending & mideleg | filteredPending();
        long sie = state.get(Csr.MIE) & mideleg | filteredEnabled();
        return real | guestLocalPending(sip) & guestLocalEnabled(sie);
    }

    /** mtopi. */
    long machineTop() {
        long ready = machineReady();
        return ready == 0 ? 0 : AiaOrder.top(ready, machinePriority, MEI, externalNumber(InterruptFiles.MACHINE));
    }

    /** stopi. */
    long supervisorTop() {
        long ready = supervisorReady();
        return ready == 0 ? 0 : AiaOrder.top(ready, supervisorPriority, SEI, externalNumber(InterruptFiles.SUPERVISOR));
    }

    private int externalNumber(int file) {
        int top = files.top(file);
        return top == 0 ? AiaOrder.UNACCOUNTED : top;
    }

    /** vstopi (aia 6.3.3): the better of an external interrupt and one other. */
    long guestTop() {
        long ready = guestReady();
        long control = state.get(Csr.HVICTL);
        boolean external = (ready >>> SEI & 1) != 0;
        int identity = -1;
        int nominal = 0;
        boolean beforeExternal = false;
        if ((control & VTI) == 0) {
            if ((ready & ~SEIP) != 0) {
                spreadGuestPriorities();
                identity = AiaOrder.top(ready & ~SEIP, guestPriority, SEI, 0) >>> AiaOrder.IDENTITY_SHIFT;
                nominal = AiaOrder.nominal(identity,
                        (int) (guestPriority[identity >>> 3] >>> 8 * (identity & 7)) & 0xFF, SEI);
                beforeExternal = AiaOrder.before(identity, SEI);
            }
        } else if (controlled(control) != SEI) {
            identity = controlled(control);
            beforeExternal = (control & DPR) == 0;
            // Any interrupt with the same default rank relative to an SEI stands for it.
            nominal = AiaOrder.nominal(beforeExternal ? MEI : 0, (int) control & 0xFF, SEI);
        }
        if (external) {
            int number = guestExternalNumber(control);
            if (identity < 0 || number < nominal || number == nominal && !beforeExternal) {
                identity = SEI;
                nominal = number;
            }
        }
        if (identity < 0) {
            return 0;
        }
        return (long) identity << AiaOrder.IDENTITY_SHIFT | ((control & IPRIOM) == 0 ? 1 : AiaOrder.shown(nominal));
    }

    private static int controlled(long control) {
        return (int) (control >>> AiaOrder.IDENTITY_SHIFT) & 0xFFF;
    }

    private int guestExternalNumber(long control) {
        int guest = guest();
        int top = guest == 0 ? 0 : files.top(InterruptFiles.guest(guest));
        if (top != 0) {
            return top;
        }
        int given = (int) control & 0xFF;
        return guest == 0 && controlled(control) == SEI && given != 0 ? given : AiaOrder.UNACCOUNTED;
    }

    /** hviprio1 has interrupts 0, 1, 4, 5, 8, 13, 14, 15, hviprio2 has 16 to 23 (aia 6.3.1). */
    private void spreadGuestPriorities() {
        long first = state.get(Csr.HVIPRIO1);
        guestPriority[0] = first & 0xFF00 | (first & 0xFF00_0000L) << 16;
        guestPriority[1] = first & 0xFFFF_FF00_0000_0000L;
        guestPriority[2] = state.get(Csr.HVIPRIO2);
    }

    // Traps.

    /**
     * The interrupt to take at this boundary with its level ({@link #TO_MACHINE}, ...), or -1 (aia 5.2, 5.4, 6.3.4).
     */
    int deliverable() {
        int mode = state.hart.mode;
        if (mode != Hart.MODE_M || state.has(Csr.MSTATUS, MIE)) {
            long top = machineTop();
            if (top != 0) {
                return TO_MACHINE | (int) (top >>> AiaOrder.IDENTITY_SHIFT);
            }
        }
        if (mode == Hart.MODE_M) {
            return -1;
        }
        if (mode != Hart.MODE_S || state.has(Csr.MSTATUS, SIE)) {
            long top = supervisorTop();
            if (top != 0) {
                return TO_SUPERVISOR | (int) (top >>> AiaOrder.IDENTITY_SHIFT);
            }
        }
        if (mode < Hart.MODE_V || mode == Hart.MODE_V + Hart.MODE_S && !state.has(Csr.VSSTATUS, SIE)) {
            return -1;
        }
        long top = guestTop();
        return top == 0 ? -1 : TO_GUEST | (int) (top >>> AiaOrder.IDENTITY_SHIFT);
    }

    /** aia 5.5: WFI ends when an interrupt is pending at any level. */
    boolean wakes() {
        return machineReady() != 0 || supervisorReady() != 0 || guestTop() != 0;
    }

    void save(StateWriter out) {
        out.u64s(machinePriority);
        out.u64s(supervisorPriority);
        out.u64(ownSie);
        out.u64(ownVsie);
        out.u64(guestLines);
    }

    void load(StateReader in) {
        in.u64s(machinePriority);
        in.u64s(supervisorPriority);
        ownSie = in.u64();
        ownVsie = in.u64();
        guestLines = in.u64();
    }
}
