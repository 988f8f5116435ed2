package calvin.machine.hart;

import static calvin.machine.hart.Status.*;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.mmu.Access;

/**
 * Privileged instructions of one hart other than CSR accesses and returns: waits, fences, calls, breakpoints, the
 * permission of HLV and HSV; and whether triggers stop an access (priv 3.3, S, H; unpriv Zawrs; debug 5).
 */
final class SystemUnit {
    private final Hart hart;
    private final CsrState state;
    private final HartUnit unit;

    SystemUnit(Hart hart, CsrState state, HartUnit unit) {
        this.hart = hart;
        this.state = state;
        this.unit = unit;
    }

    void wfi() {
        boolean virtual = hart.mode >= Hart.MODE_V;
        boolean wait = state.has(Csr.MSTATUS, TW);
        boolean user = (hart.mode & 3) == Hart.MODE_U;
        if (hart.mode != Hart.MODE_M && (wait || user && !virtual)) {
            // priv 3.1.6.6; ours: in U mode the time limit is 0, so it traps.
            refuse(Cause.ILLEGAL_INSTRUCTION);
        } else if (virtual && (user || state.has(Csr.HSTATUS, H_VTW))) {
            refuse(Cause.VIRTUAL_INSTRUCTION);
        } else if (!state.wakes()) {
            unit.count(HpmEvent.WAITS);
            hart.waiting = true;
        }
    }

    /**
     * WRS.NTO and, {@code bounded}, WRS.STO: stalls until the reservation is gone, an interrupt is pending that ends
     * WFI too, or for WRS.STO some time is over. Without a reservation there is nothing to wait for. Where WFI would
     * trap, WRS.NTO does if it has to stall (unpriv Zawrs).
     */
    void waitOnReservation(boolean bounded) {
        if (hart.reservationPa == -1 || state.wakes()) {
            return;
        }
        if (!bounded && hart.mode != Hart.MODE_M && state.has(Csr.MSTATUS, TW)) {
            refuse(Cause.ILLEGAL_INSTRUCTION);
        } else if (!bounded && hart.mode >= Hart.MODE_V && state.has(Csr.HSTATUS, H_VTW)) {
            refuse(Cause.VIRTUAL_INSTRUCTION);
        } else {
            unit.count(HpmEvent.WAITS);
            unit.stall(bounded ? hart.cycle + state.model.wrsTimeoutCycles() : Long.MAX_VALUE);
        }
    }

    /** Whether WFI in VS mode, where the hart is, would trap to the hypervisor (priv H, hstatus.VTW). */
    boolean waitTraps() {
        return hart.mode >= Hart.MODE_V && state.has(Csr.HSTATUS, H_VTW);
    }

    /** Raises for an instruction that the engine has already counted and stepped over. */
    private void refuse(Cause cause) {
        hart.raise(cause.code, 0);
    }

    void fence(int kind, long va, long id, boolean vaGiven, boolean idGiven) {
        boolean virtual = hart.mode >= Hart.MODE_V;
        boolean user = (hart.mode & 3) == Hart.MODE_U;
        boolean trapped = hart.mode == Hart.MODE_S && kind != 1 && state.has(Csr.MSTATUS, TVM);
        if (virtual && (user || kind != 0 || state.has(Csr.HSTATUS, H_VTVM))) {
            refuse(Cause.VIRTUAL_INSTRUCTION);
        } else if (!virtual && (user || trapped)) {
            refuse(Cause.ILLEGAL_INSTRUCTION);
        } else {
            unit.count(HpmEvent.TRANSLATION_FENCES);
            unit.memory().translation().fence(kind, virtual, va, id, vaGiven, idGiven);
        }
    }

    /** The context of HLV and HSV, or -1 with a trap pending. */
    int guestContext(boolean executable) {
        if (hart.mode >= Hart.MODE_V) {
            refuse(Cause.VIRTUAL_INSTRUCTION);
            return -1;
        }
        if (hart.mode == Hart.MODE_U && !state.has(Csr.HSTATUS, H_HU)) {
            refuse(Cause.ILLEGAL_INSTRUCTION);
            return -1;
        }
        int mode = Hart.MODE_V + (state.has(Csr.HSTATUS, H_SPVP) ? Hart.MODE_S : Hart.MODE_U);
        return unit.context(mode) | (executable ? Access.HLVX : 0);
    }

    void ecall() {
        Cause cause = switch (hart.mode) {
            case Hart.MODE_M -> Cause.ECALL_FROM_M;
            case Hart.MODE_S -> Cause.ECALL_FROM_S;
            case Hart.MODE_V + Hart.MODE_S -> Cause.ECALL_FROM_VS;
            default -> Cause.ECALL_FROM_U;
        };
        hart.raise(cause.code, 0);
    }

    void ebreak() {
        breakpoint(hart.pc);
    }

    private void breakpoint(long va) {
        hart.raise(Cause.BREAKPOINT.code, va);
        hart.trapGuestVa = hart.mode >= Hart.MODE_V;
    }

    /** Whether a trigger stops this access, which then has raised a breakpoint. {@code kinds} are those of watches. */
    boolean triggered(int kinds, long va, int bytes, long value) {
        boolean fired = state.triggers.accessing(kinds, va, bytes, value);
        if (fired) {
            breakpoint(va);
        }
        return fired;
    }

    /** Physical address of the instruction at {@code va}, or -1 with a trap pending: see {@link HartBus#fetchPa}. */
    long fetchPa(long va) {
        if (state.triggers.waitForInstructions() && va == hart.pc && state.triggers.fetching(unit.instructionAt(va))) {
            breakpoint(va);
            return -1;
        }
        return unit.memory().fetchPa(va);
    }
}
