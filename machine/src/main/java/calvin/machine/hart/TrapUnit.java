package calvin.machine.hart;

import static calvin.machine.hart.Status.*;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;

/**
 * Entry to and return from traps at M, HS and VS level (priv 3.1.6, 3.1.7; S; H, "Traps").
 */
final class TrapUnit {
    private final Hart hart;
    private final CsrState state;
    private final HartUnit unit;

    TrapUnit(Hart hart, CsrState state, HartUnit unit) {
        this.hart = hart;
        this.state = state;
        this.unit = unit;
    }

    /** The mode that would take exception {@code cause} raised now: MODE_M, MODE_S, or MODE_V + MODE_S. */
    int destination(int cause) {
        if (hart.mode == Hart.MODE_M || !state.has(Csr.MEDELEG, 1L << cause)) {
            return Hart.MODE_M;
        }
        boolean guest = hart.mode >= Hart.MODE_V && state.has(Csr.HEDELEG, 1L << cause);
        return guest ? Hart.MODE_V + Hart.MODE_S : Hart.MODE_S;
    }

    /** Takes the pending exception. */
    void takeException() {
        int code = hart.trapCause;
        hart.trapCause = -1;
        Cause cause = Cause.exception(code);
        boolean instruction = code == Cause.ILLEGAL_INSTRUCTION.code || code == Cause.VIRTUAL_INSTRUCTION.code;
        long value = instruction ? instructionValue() : hart.trapValue;
        int destination = destination(code);
        countException(cause);
        long transformed = 0;
        if (destination != Hart.MODE_V + Hart.MODE_S && cause.writes(Cause.TINST) && hart.trapGuestVa) {
            transformed = hart.trapInstruction != 0
                    ? hart.trapInstruction
                    : TransformedInstruction.of(unit.instructionAt(hart.pc), hart.trapValue, hart.x);
        }
        enter(destination, code, value, hart.trapGuestVa && cause.writes(Cause.GVA),
                cause.writes(Cause.TVAL2) ? hart.trapGuestPa >>> 2 : 0, transformed);
    }

    private long instructionValue() {
        if (!state.model.instructionInXtval()) {
            return 0;
        }
        return hart.trapValue == 0 ? unit.instructionAt(hart.pc) : hart.trapValue;
    }

    private void countException(Cause cause) {
        unit.count(HpmEvent.EXCEPTIONS);
        switch (cause) {
            case ECALL_FROM_U, ECALL_FROM_S, ECALL_FROM_VS, ECALL_FROM_M -> unit.count(HpmEvent.CALLS);
            case INSTRUCTION_PAGE_FAULT, LOAD_PAGE_FAULT, STORE_PAGE_FAULT -> unit.count(HpmEvent.PAGE_FAULTS);
            case INSTRUCTION_GUEST_PAGE_FAULT, LOAD_GUEST_PAGE_FAULT, STORE_GUEST_PAGE_FAULT ->
                    unit.count(HpmEvent.GUEST_PAGE_FAULTS);
            default -> {
                // counted as an exception only
            }
        }
    }

    /** Takes interrupt {@code code}, which {@link CsrState#deliverable} chose. */
    void takeInterrupt(int code) {
        unit.count(HpmEvent.INTERRUPTS);
        if (state.aia.present()) {
            // aia 6.3.4: what a VS-level interrupt is called has been decided with vstopi.
            int level = code & ~0xFFFF;
            enter(level == AiaState.TO_MACHINE
                    ? Hart.MODE_M
                    : level == AiaState.TO_SUPERVISOR
                            ? Hart.MODE_S
                            : Hart.MODE_V + Hart.MODE_S,
                    Cause.INTERRUPT_BIT | code & 0xFFFF, 0, false, 0, 0);
            return;
        }
        long bit = 1L << code;
        if ((state.delegated() & bit) == 0) {
            enter(Hart.MODE_M, Cause.INTERRUPT_BIT | code, 0, false, 0, 0);
        } else if (!state.has(Csr.HIDELEG, bit)) {
            enter(Hart.MODE_S, Cause.INTERRUPT_BIT | code, 0, false, 0, 0);
        } else {
            // priv H: a VS-level interrupt has the S-level code in vscause. Local interrupts have one code.
            enter(Hart.MODE_V + Hart.MODE_S, Cause.INTERRUPT_BIT | (code > 12 ? code : code - 1), 0, false, 0, 0);
        }
    }

    private void enter(int destination, long cause, long value, boolean guestVa, long guestPage, long instruction) {
        int from = hart.mode;
        long pc = hart.pc;
        boolean virtual = from >= Hart.MODE_V;
        boolean supervisor = (from & 3) == Hart.MODE_S;
        long vector;
        if (destination == Hart.MODE_M) {
            long status = state.get(Csr.MSTATUS);
            status = with(status, MPIE, (status & MIE) != 0) & ~(MIE | MPP) | (long) (from & 3) << MPP_SHIFT;
            state.set(Csr.MSTATUS, with(with(status, MPV, virtual), GVA, guestVa));
            state.set(Csr.MEPC, hart.pc);
            state.set(Csr.MCAUSE, cause);
            state.set(Csr.MTVAL, value);
            state.set(Csr.MTVAL2, guestPage);
            state.set(Csr.MTINST, instruction);
            vector = state.get(Csr.MTVEC);
        } else if (destination == Hart.MODE_S) {
            state.set(Csr.MSTATUS, stacked(state.get(Csr.MSTATUS), supervisor));
            long hstatus = state.get(Csr.HSTATUS);
            if (virtual) {
                hstatus = with(hstatus, H_SPVP, supervisor);
            }
            state.set(Csr.HSTATUS, with(with(hstatus, H_SPV, virtual), H_GVA, guestVa));
            state.set(Csr.SEPC, hart.pc);
            state.set(Csr.SCAUSE, cause);
            state.set(Csr.STVAL, value);
            state.set(Csr.HTVAL, guestPage);
            state.set(Csr.HTINST, instruction);
            vector = state.get(Csr.STVEC);
        } else {
            state.set(Csr.VSSTATUS, stacked(state.get(Csr.VSSTATUS), supervisor));
            state.set(Csr.VSEPC, hart.pc);
            state.set(Csr.VSCAUSE, cause);
            state.set(Csr.VSTVAL, value);
            vector = state.get(Csr.VSTVEC);
        }
        hart.mode = destination;
        boolean vectored = (vector & 1) != 0 && cause < 0;
        hart.pc = (vector & ~3L) + (vectored ? 4 * (cause & 0xFFF) : 0);
        hart.cycle += unit.costs().trap();
        unit.contextChanged();
        if (unit.listener() != null) {
            unit.listener().trapped(hart, cause, value, pc, from);
        }
    }

    private static long stacked(long status, boolean supervisor) {
        return with(with(status, SPIE, (status & SIE) != 0), SPP, supervisor) & ~SIE;
    }

    private static long with(long bits, long bit, boolean on) {
        return on ? bits | bit : bits & ~bit;
    }

    /** SRET with its checks. */
    void sret() {
        int mode = hart.mode;
        if (mode == Hart.MODE_V || mode == Hart.MODE_V + Hart.MODE_S && state.has(Csr.HSTATUS, H_VTSR)) {
            hart.raise(Cause.VIRTUAL_INSTRUCTION.code, 0);
        } else if (mode == Hart.MODE_U || mode == Hart.MODE_S && state.has(Csr.MSTATUS, TSR)) {
            hart.raise(Cause.ILLEGAL_INSTRUCTION.code, 0);
        } else {
            state.counters.instruction(1);
            returnFromSupervisor();
            state.counters.instruction(0);
        }
    }

    /** What SRET does once permitted; also how a hosted kernel returns. */
    void returnFromSupervisor() {
        int from = hart.mode;
        if (hart.mode >= Hart.MODE_V) {
            long status = state.get(Csr.VSSTATUS);
            hart.mode = Hart.MODE_V + ((status & SPP) != 0 ? Hart.MODE_S : Hart.MODE_U);
            state.set(Csr.VSSTATUS, unstacked(status));
            hart.pc = state.get(Csr.VSEPC);
        } else {
            long status = state.get(Csr.MSTATUS);
            boolean virtual = state.has(Csr.HSTATUS, H_SPV);
            hart.mode = ((status & SPP) != 0 ? Hart.MODE_S : Hart.MODE_U) + (virtual ? Hart.MODE_V : 0);
            state.set(Csr.MSTATUS, unstacked(status) & ~MPRV);
            state.setBits(Csr.HSTATUS, H_SPV, false);
            hart.pc = state.get(Csr.SEPC);
        }
        unit.contextChanged();
        unit.interruptsChanged();
        if (unit.listener() != null) {
            unit.listener().returned(hart, from);
        }
    }

    private static long unstacked(long status) {
        return with(status, SIE, (status & SPIE) != 0) & ~SPP | SPIE;
    }

    /** MRET with its checks. */
    void mret() {
        if (hart.mode != Hart.MODE_M) {
            hart.raise(Cause.ILLEGAL_INSTRUCTION.code, 0);
        } else {
            state.counters.instruction(1);
            returnFromMachine();
            state.counters.instruction(0);
        }
    }

    void returnFromMachine() {
        int from = hart.mode;
        long status = state.get(Csr.MSTATUS);
        int mode = (int) (status >>> MPP_SHIFT & 3);
        boolean virtual = (status & MPV) != 0 && mode != Hart.MODE_M;
        long next = with(status, MIE, (status & MPIE) != 0) & ~(MPP | MPV) | MPIE;
        state.set(Csr.MSTATUS, mode == Hart.MODE_M ? next : next & ~MPRV);
        hart.mode = mode + (virtual ? Hart.MODE_V : 0);
        hart.pc = state.get(Csr.MEPC);
        unit.contextChanged();
        unit.interruptsChanged();
        if (unit.listener() != null) {
            unit.listener().returned(hart, from);
        }
    }
}
