package calvin.machine.hart;

import static calvin.machine.hart.Status.*;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.isa.Extension;

/**
 * CSR instructions: existence, privilege, counters' and timers' enables, views of other registers, and what writing a
 * register sets off (priv 2, 3.1, S, H; Sstc). Those of counters, triggers and interrupt files are in classes of their
 * own.
 */
final class CsrUnit {
    private static final boolean[] PRESENT = new boolean[Csr.values().length];
    /** Those of Smaia and Ssaia, there when the board gives the hart interrupt files. */
    private static final boolean[] AIA = new boolean[Csr.values().length];
    private static final Csr[] UNDER_V = new Csr[Csr.values().length];
    static {
        for (Csr csr : Csr.values()) {
            PRESENT[csr.ordinal()] = HartIsa.EXTENSIONS.contains(csr.extension);
            AIA[csr.ordinal()] = HartIsa.AIA.contains(csr.extension);
            UNDER_V[csr.ordinal()] = csr.underV();
        }
    }

    private static final long SSTATUS_VIEW = Csr.SSTATUS.writable;
    private static final long MISA = 2L << 62 | HartIsa.misaBits();
    /** Fields of henvcfg that menvcfg's gate. */
    private static final long GATED = ENV_STCE | ENV_PBMTE | ENV_ADUE;
    /** FIOM, CBIE, CBCFE, CBZE, ADUE, PBMTE, STCE. */
    private static final long ENVCFG = GATED | 0xF1;
    private static final long CBIE_RESERVED = 2L << 4;
    static final long MIE_BITS = M_INTERRUPTS | S_INTERRUPTS | H_INTERRUPTS;

    private final Hart hart;
    private final CsrState state;
    private final HartUnit unit;
    private final IndirectRegisters indirect;
    private final AiaUnit aia;
    private final CounterUnit counters;

    CsrUnit(Hart hart, CsrState state, HartUnit unit) {
        this.hart = hart;
        this.state = state;
        this.unit = unit;
        indirect = new IndirectRegisters(state);
        aia = new AiaUnit(hart, state, unit);
        counters = new CounterUnit(hart, state);
        indirect.add(CounterUnit.FIRST_SELECT, CounterUnit.LAST_SELECT, counters);
    }

    void attach(InterruptFiles files) {
        aia.attach(files, indirect);
    }

    /** Where extensions put registers behind the select CSRs. */
    IndirectRegisters indirect() {
        return indirect;
    }

    /** An instruction begins (1) or ends (0) whose accesses follow; without, a kernel's accesses are none. */
    void instruction(int begins) {
        state.counters.instruction(begins);
    }

    /** See {@link HartBus#csr}. */
    long access(int number, int kind, long operand, boolean writes) {
        Csr csr = Csr.of(number);
        if (csr == null || !present(csr) || writes && Csr.readOnly(number)) {
            hart.raise(Cause.ILLEGAL_INSTRUCTION.code, 0);
            return 0;
        }
        int refusal = refusal(csr, number);
        if (hart.mode >= Hart.MODE_V) {
            csr = UNDER_V[csr.ordinal()];
        }
        if (refusal < 0) {
            refusal = aia.refusal(csr, writes);
        }
        if (refusal >= 0) {
            hart.raise(refusal, 0);
            return 0;
        }
        if (IndirectRegisters.isAlias(csr)) {
            return accessIndirect(csr, kind, operand, writes);
        }
        long old = csr.count > 1 ? readRow(csr, number) : read(csr);
        if (writes) {
            // priv 3.1.9: set and clear of mip see SEIP without the interrupt controller's wire.
            long base = csr == Csr.MIP ? old & ~SEIP | state.get(Csr.MIP) & SEIP : old;
            long fresh = fresh(kind, base, operand);
            if (csr.count > 1) {
                writeRow(csr, number, fresh);
            } else {
                write(csr, fresh);
            }
        }
        return old;
    }

    private boolean present(Csr csr) {
        return PRESENT[csr.ordinal()] || AIA[csr.ordinal()] && state.aia.present();
    }

    private long accessIndirect(Csr csr, int kind, long operand, boolean writes) {
        int refusal = indirect.refusal(csr, hart.mode >= Hart.MODE_V);
        if (refusal >= 0) {
            hart.raise(refusal, 0);
            return 0;
        }
        long old = indirect.read(csr);
        if (writes) {
            indirect.write(csr, fresh(kind, old, operand));
        }
        return old;
    }

    /** What csrrw (1), csrrs (2) or csrrc (3) makes of {@code old}. */
    private static long fresh(int kind, long old, long operand) {
        return kind == 1 ? operand : kind == 2 ? old | operand : old & ~operand;
    }

    private static final int ILLEGAL = Cause.ILLEGAL_INSTRUCTION.code;
    private static final int VIRTUAL = Cause.VIRTUAL_INSTRUCTION.code;

    /** The exception an access at the hart's mode causes, or -1. */
    private int refusal(Csr csr, int number) {
        int mode = hart.mode;
        boolean virtual = mode >= Hart.MODE_V;
        int need = Csr.lowestPrivilege(number);
        int have = mode == Hart.MODE_S ? 2 : mode & 3;
        if (need > have) {
            // priv H, "Trap cause": allowed in HS mode but not here. Sstc: the comparators may be denied to HS mode
            // too.
            boolean comparator = csr == Csr.STIMECMP || csr == Csr.VSTIMECMP;
            return virtual && need <= 2 && !(comparator && stimecmpRefusal(false) >= 0) ? VIRTUAL : ILLEGAL;
        }
        if (mode == Hart.MODE_M && csr.extension != Extension.F) {
            return -1;
        }
        int withheld = state.enables.refusal(csr, csr.position(number), virtual);
        return withheld >= 0 ? withheld : switch (csr) {
            case FFLAGS, FRM, FCSR -> floatEnabled() ? -1 : ILLEGAL;
            case SATP -> virtual
                    ? when(state.has(Csr.HSTATUS, H_VTVM), VIRTUAL)
                    : when(state.has(Csr.MSTATUS, TVM), ILLEGAL);
            case HGATP -> when(state.has(Csr.MSTATUS, TVM), ILLEGAL);
            case CYCLE, TIME, INSTRET, HPMCOUNTER, SCOUNTINHIBIT -> counters.refusal(csr, number, virtual);
            case STIMECMP -> stimecmpRefusal(virtual);
            case VSTIMECMP -> when(!state.stimecmpWorks() || !state.has(Csr.MCOUNTEREN, 2), ILLEGAL);
            default -> -1;
        };
    }

    private static int when(boolean condition, int cause) {
        return condition ? cause : -1;
    }

    private int stimecmpRefusal(boolean virtual) {
        if (!state.stimecmpWorks() || !state.has(Csr.MCOUNTEREN, 2)) {
            return ILLEGAL;
        }
        return when(virtual && (!state.vstimecmpWorks() || !state.has(Csr.HCOUNTEREN, 2)), VIRTUAL);
    }

    boolean floatEnabled() {
        return state.has(Csr.MSTATUS, FS) && (hart.mode < Hart.MODE_V || state.has(Csr.VSSTATUS, FS));
    }

    void dirtyFloat() {
        state.setBits(Csr.MSTATUS, FS, true);
        if (hart.mode >= Hart.MODE_V) {
            state.setBits(Csr.VSSTATUS, FS, true);
        }
    }

    /** The contents as software sees them, without access checks. */
    long read(Csr csr) {
        return CounterUnit.owns(csr) ? counters.read(csr, csr.number) : readPlain(csr);
    }

    private long readPlain(Csr csr) {
        return switch (csr) {
            case FFLAGS -> hart.fcsr & 0x1F;
            case FRM -> hart.fcsr >>> 5 & 7;
            case FCSR -> hart.fcsr & 0xFF;
            case TIME -> hart.mode >= Hart.MODE_V ? state.guestTime() : state.time();
            case MSTATUS -> dirtySummary(state.get(Csr.MSTATUS)) | UXL_64 | SXL_64;
            case SSTATUS -> dirtySummary(state.get(Csr.MSTATUS) & SSTATUS_VIEW) | UXL_64;
            case VSSTATUS -> dirtySummary(state.get(Csr.VSSTATUS)) | UXL_64;
            case HSTATUS -> state.get(Csr.HSTATUS) | H_VSXL_64;
            case MIP -> state.pending();
            case SIP -> sip();
            case HIP -> state.pending() & H_INTERRUPTS;
            case VSIP -> (state.pending() & state.get(Csr.HIDELEG) & VS_INTERRUPTS) >>> 1
                    | state.aia.guestLocalPending(sip());
            case SIE -> sie();
            case HIE -> state.get(Csr.MIE) & H_INTERRUPTS;
            case VSIE -> (state.get(Csr.MIE) & state.get(Csr.HIDELEG) & VS_INTERRUPTS) >>> 1
                    | state.aia.guestLocalEnabled(sie());
            case HIDELEG -> state.get(Csr.HIDELEG) & (VS_INTERRUPTS | state.aia.delegableLocal());
            case HGEIP -> state.aia.guestLines();
            case MIDELEG -> state.delegated();
            case MISA -> MISA;
            case TSELECT, TINFO, TCONTROL, MCONTEXT, HCONTEXT, SCONTEXT -> state.triggers.read(csr, 0);
            case HENVCFG -> state.get(Csr.HENVCFG) & (state.get(Csr.MENVCFG) | ~GATED);
            case MVIP, MTOPEI, STOPEI, VSTOPEI, MTOPI, STOPI, VSTOPI -> aia.read(csr);
            default -> csr.count > 1 ? 0 : IndirectRegisters.isAlias(csr) ? indirect.read(csr) : state.get(csr);
        };
    }

    private long sip() {
        return state.pending() & state.get(Csr.MIDELEG) & S_INTERRUPTS | state.aia.filteredPending();
    }

    private long sie() {
        return state.get(Csr.MIE) & state.get(Csr.MIDELEG) & S_INTERRUPTS | state.aia.filteredEnabled();
    }

    /** A register by its number, without access checks; 0 where there is none. */
    long readNumber(int number) {
        Csr csr = Csr.of(number);
        return csr == null ? 0 : csr.count > 1 ? readRow(csr, number) : read(csr);
    }

    /** A register of a row that stands for several. */
    private long readRow(Csr csr, int number) {
        return switch (csr) {
            case PMPCFG -> state.pmp.config(csr.position(number));
            case PMPADDR -> state.pmp.address(csr.position(number));
            case TDATA -> state.triggers.read(csr, csr.position(number));
            case MSTATEEN, HSTATEEN, SSTATEEN -> state.enables.read(csr, csr.position(number));
            case HPMCOUNTER, MHPMCOUNTER, MHPMEVENT -> counters.read(csr, number);
            default -> 0;
        };
    }

    private void writeRow(Csr csr, int number, long contents) {
        switch (csr) {
            case MHPMCOUNTER, MHPMEVENT -> {
                counters.write(csr, number, contents);
                return;
            }
            case MSTATEEN, HSTATEEN, SSTATEEN -> {
                state.enables.write(csr, csr.position(number), contents);
                return;
            }
            case PMPCFG -> state.pmp.setConfig(csr.position(number), contents);
            case PMPADDR -> state.pmp.setAddress(csr.position(number), contents);
            case TDATA -> state.triggers.write(csr, csr.position(number), contents);
            default -> {
                return;
            }
        }
        unit.flushTranslations();
    }

    private static long dirtySummary(long status) {
        return (status & FS) == FS ? status | SD : status;
    }

    /** Writes by the rules of each register, without access checks. */
    void write(Csr csr, long contents) {
        if (CounterUnit.owns(csr)) {
            counters.write(csr, csr.number, contents);
        } else {
            writePlain(csr, contents);
        }
    }

    private void writePlain(Csr csr, long contents) {
        switch (csr) {
            case FFLAGS -> setFcsr(hart.fcsr & ~0x1F | (int) contents & 0x1F);
            case FRM -> setFcsr(hart.fcsr & 0x1F | ((int) contents & 7) << 5);
            case FCSR -> setFcsr((int) contents & 0xFF);
            case TSELECT, TINFO, TCONTROL, MCONTEXT, HCONTEXT, SCONTEXT -> state.triggers.write(csr, 0, contents);
            case MCOUNTEREN, HCOUNTEREN, SCOUNTEREN -> state.set(csr, contents & (state.model.counterBits() | 2));
            case MSTATUS -> writeMstatus(contents);
            case SSTATUS -> {
                state.merge(Csr.MSTATUS, SSTATUS_VIEW, contents);
                unit.statusChanged();
            }
            case VSSTATUS -> {
                state.merge(Csr.VSSTATUS, SSTATUS_VIEW, contents);
                unit.statusChanged();
            }
            case HSTATUS -> {
                state.merge(Csr.HSTATUS, aia.hstatusMask(contents), contents);
                unit.interruptsChanged();
            }
            case MVIP, MVIEN, HVIEN, HVICTL, HVIPRIO1, HVIPRIO2, MTOPEI, STOPEI, VSTOPEI -> aia.write(csr, contents);
            case SATP, VSATP, HGATP -> writeTranslation(csr, contents);
            case MENVCFG, HENVCFG -> writeEnvironment(csr, contents);
            case SENVCFG -> state.set(csr, withoutReservedCbie(state.get(csr), contents) & 0xF1);
            case STIMECMP, VSTIMECMP, HTIMEDELTA -> {
                state.set(csr, contents);
                unit.timersChanged();
            }
            default -> {
                if (IndirectRegisters.isAlias(csr)) {
                    indirect.write(csr, contents);
                } else if (!writeInterrupts(csr, contents) && csr.count == 1) {
                    state.merge(csr, csr.writable, contents);
                }
            }
        }
    }

    private void setFcsr(int contents) {
        hart.fcsr = contents;
        dirtyFloat();
    }

    private void writeMstatus(long contents) {
        long mask = Csr.MSTATUS.writable;
        if ((contents & MPP) >>> MPP_SHIFT == 2) {
            mask &= ~MPP;
        }
        state.merge(Csr.MSTATUS, mask, contents);
        unit.statusChanged();
    }

    private void writeTranslation(Csr csr, long contents) {
        int mode = (int) (contents >>> 60);
        if (!state.model.translates(mode)) {
            // priv: a write with an unsupported mode has no effect; hgatp keeps its mode only, ours keeps all.
            return;
        }
        long fresh = contents & (csr == Csr.HGATP ? state.model.hgatpBits() : state.model.atpBits());
        if (state.get(csr) != fresh) {
            state.set(csr, fresh);
            unit.count(HpmEvent.SPACE_SWITCHES);
            unit.contextChanged();
        }
    }

    private void writeEnvironment(Csr csr, long contents) {
        long mask = csr == Csr.MENVCFG ? ENVCFG | ENV_CDE : ENVCFG;
        state.set(csr, withoutReservedCbie(state.get(csr), contents) & mask);
        unit.flushTranslations();
        unit.timersChanged();
    }

    private static long withoutReservedCbie(long old, long contents) {
        return (contents & ENV_CBIE) == CBIE_RESERVED ? contents & ~ENV_CBIE | old & ENV_CBIE : contents;
    }

    /** Registers that name interrupts; false for others. */
    private boolean writeInterrupts(Csr csr, long contents) {
        switch (csr) {
            case MIE -> state.set(Csr.MIE, contents & MIE_BITS);
            case SIE -> writeSie(contents);
            case HIE -> state.merge(Csr.MIE, H_INTERRUPTS, contents);
            case VSIE -> {
                state.merge(Csr.MIE, state.get(Csr.HIDELEG) & VS_INTERRUPTS, contents << 1);
                writeSie(sie() & ~guestLocal() | contents & guestLocal());
                state.aia.writeVsie(contents);
            }
            case MIP -> {
                long writable = state.stimecmpWorks() ? S_INTERRUPTS & ~STIP : S_INTERRUPTS;
                state.merge(Csr.MIP, writable & ~(state.get(Csr.MVIEN) & SEIP), contents);
                state.merge(Csr.HVIP, VSSIP, contents);
            }
            case SIP -> writeSip(contents);
            case HIP -> state.merge(Csr.HVIP, VSSIP, contents);
            case VSIP -> {
                state.merge(Csr.HVIP, state.get(Csr.HIDELEG) & VSSIP, contents << 1);
                writeSip(sip() & ~guestLocal() | contents & guestLocal());
                state.aia.writeVsip(contents);
            }
            case HVIP -> state.merge(Csr.HVIP, VS_INTERRUPTS | (state.aia.present() ? AiaState.LOCAL : 0), contents);
            case MIDELEG -> state.set(Csr.MIDELEG, contents & S_INTERRUPTS);
            case HIDELEG -> state.set(Csr.HIDELEG, contents & (VS_INTERRUPTS | state.aia.delegableLocal()));
            case HGEIE -> state.set(Csr.HGEIE, contents & aia.guestBits());
            default -> {
                return false;
            }
        }
        unit.timersChanged();
        return true;
    }

    private void writeSip(long contents) {
        state.merge(Csr.MIP, state.get(Csr.MIDELEG) & (SSIP | LCOFIP), contents);
        state.aia.writeSip(contents);
    }

    private void writeSie(long contents) {
        state.merge(Csr.MIE, state.get(Csr.MIDELEG) & S_INTERRUPTS, contents);
        state.aia.writeSie(contents);
    }

    /** Local interrupts whose bits in vsip and vsie are those of sip and sie (aia 6.3.2). */
    private long guestLocal() {
        return state.get(Csr.HIDELEG) & state.aia.delegableLocal();
    }
}
