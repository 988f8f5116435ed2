package calvin.machine.hart;

import calvin.machine.bus.SystemBus;
import calvin.machine.hosted.HostedKernel;
import calvin.machine.hosted.HostedVector;
import calvin.machine.hosted.Resume;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.mem.PhysicalMemory;
import calvin.sim.check.Check;
import calvin.sim.state.Derived;
import java.util.List;

/**
 * Enters hosted kernels for one hart (ADR 3). The level a kernel runs at is the hart's mode on entry; the firmware,
 * kernel 0, is entered in M mode only, all others never.
 *
 * <p>When an access of a running kernel traps, the kernel that takes the trap runs at once, nested, on the next port.
 * If the hart is not back where it was afterwards, the interrupted kernel's entry is unwound by a preallocated
 * exception and never resumed. A trap of a hosted kernel to a level whose kernel is guest code is not supported: the
 * machine panics and says so.
 */
public final class HostedUnit {
    /** VS kernel, HS kernel, firmware. */
    private static final int MAX_DEPTH = 3;
    /** Encoding of WFI (priv 3.3.3). */
    private static final long WFI = 0x1050_0073L;
    private static final Unwound UNWOUND = new Unwound();

    private final HartUnit unit;
    private final Hart hart;
    private final List<HostedKernel> kernels;
    private final MachineServices machine;
    private final HostedPort[] ports = new HostedPort[MAX_DEPTH];
    @Derived(from = "nothing: 0 between entries")
    private int depth;

    /** Leaves the entries of kernels whose context is gone. Carries nothing. */
    private static final class Unwound extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unwound() {
            super("a hosted kernel's entry was abandoned", null, false, false);
        }
    }

    /** @param kernels by number; 0 is the firmware */
    public HostedUnit(HartUnit unit, List<HostedKernel> kernels, PhysicalMemory memory, SystemBus bus,
            MachineServices machine) {
        this.unit = unit;
        this.hart = unit.hart();
        this.kernels = List.copyOf(kernels);
        this.machine = machine;
        for (int i = 0; i < MAX_DEPTH; i++) {
            ports[i] = new HostedPort(unit, this, memory, bus, machine);
        }
    }

    /** Whether the hart waits in the idle entry of a hosted kernel. */
    static boolean idle(Hart hart) {
        return HostedVector.contains(hart.pc) && HostedVector.entry(hart.pc) == HostedVector.IDLE;
    }

    /** Does what the address in the window at pc means: enters a kernel, waits, or leaves an access fault pending. */
    public void dispatch() {
        int number = HostedVector.kernel(hart.pc);
        int entry = HostedVector.entry(hart.pc);
        boolean known = number < kernels.size()
                && (entry == HostedVector.TRAP || entry == HostedVector.BOOT || entry == HostedVector.IDLE);
        boolean level = number == 0 ? hart.mode == Hart.MODE_M : (hart.mode & 3) == Hart.MODE_S;
        if (!known || !level) {
            hart.raise(Cause.INSTRUCTION_ACCESS_FAULT.code, hart.pc);
            hart.trapGuestVa = hart.mode >= Hart.MODE_V;
        } else if (entry == HostedVector.IDLE) {
            idle();
        } else {
            enter(number, entry == HostedVector.BOOT);
        }
    }

    /** The idle entry stands for WFI and a jump back to it. */
    private void idle() {
        if (unit.system().waitTraps()) {
            hart.raise(Cause.VIRTUAL_INSTRUCTION.code, WFI);
        } else {
            hart.waiting = true;
        }
    }

    private void enter(int number, boolean boot) {
        Check.that(depth < MAX_DEPTH, "hosted kernels nest too deeply", depth);
        HostedKernel kernel = kernels.get(number);
        HostedPort port = ports[depth++];
        int level = hart.mode;
        if (unit.listener() != null) {
            unit.listener().hostedEntered(hart, kernel.name());
        }
        hart.cycle += unit.costs().hostedEntry();
        port.begin();
        unit.count(HpmEvent.HOSTED_ENTRIES);
        // A kernel written in C would lose the reservation too: its own stores and SC end it.
        hart.reservationPa = -1;
        try {
            resume(boot ? kernel.boot(port) : kernel.trap(port), kernel, number, level, port);
        } catch (Unwound abandoned) {
            // The context this entry belonged to is gone; the hart already is elsewhere.
            hart.trapCause = -1;
        } finally {
            depth--;
            if (unit.listener() != null) {
                unit.listener().hostedLeft(hart, kernel.name());
            }
        }
    }

    private void resume(Resume how, HostedKernel kernel, int number, int level, HostedPort port) {
        Check.that(hart.mode == level, "hosted kernel left its level", hart.mode, level);
        switch (how) {
            case RETURN -> {
                if (level == Hart.MODE_M) {
                    unit.traps().returnFromMachine();
                } else {
                    unit.traps().returnFromSupervisor();
                }
            }
            case IDLE -> {
                hart.pc = HostedVector.of(number, HostedVector.IDLE);
                unit.enableInterrupts();
                // What is pending already, or a wait that is the hypervisor's to see, is found by the next step.
                hart.waiting = !unit.system().waitTraps() && !unit.wakes();
            }
            case HALT -> unit.halt();
            case PANIC -> {
                String message = port.panicMessage();
                machine.panic(hart, kernel.name() + ": " + (message == null ? "no reason given" : message));
            }
        }
    }

    /**
     * Delivers the exception pending in the hart while a hosted kernel runs, and returns once the kernel that takes it
     * has gone back.
     *
     * @return whether it went back behind the trapping instruction, so that the access is done; false when it is to be
     * repeated
     */
    boolean deliver() {
        long pc = hart.pc;
        int mode = hart.mode;
        long hgatp = unit.csr(Csr.HGATP);
        long root = unit.csr(mode >= Hart.MODE_V ? Csr.VSSCRATCH : Csr.SSCRATCH);
        int cause = hart.trapCause;
        unit.takeException();
        int number = HostedVector.kernel(hart.pc);
        if (!HostedVector.contains(hart.pc) || HostedVector.entry(hart.pc) != HostedVector.TRAP
                || number >= kernels.size() || number == 0 != (hart.mode == Hart.MODE_M)) {
            machine.panic(hart,
                    "a hosted kernel's access trapped (" + Cause.exception(cause)
                            + ") to a level without hosted kernel");
            throw UNWOUND;
        }
        enter(number, false);
        boolean back = hart.mode == mode && !hart.waiting && (hart.pc == pc || hart.pc == pc + 4)
                && unit.csr(Csr.HGATP) == hgatp && unit.csr(mode >= Hart.MODE_V ? Csr.VSSCRATCH : Csr.SSCRATCH) == root;
        if (!back) {
            throw UNWOUND;
        }
        boolean done = hart.pc != pc;
        hart.pc = pc;
        return done;
    }
}
