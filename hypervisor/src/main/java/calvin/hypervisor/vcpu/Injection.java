package calvin.hypervisor.vcpu;

import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;

/**
 * Interrupts and exceptions for a guest that is on the hart. Interrupts are bits of hvip, which the hart delivers when
 * the guest has them enabled; an exception is taken at once, as the hart itself would take it in VS mode (priv H, "Trap
 * Entry").
 */
public final class Injection {
    private static final long SSTATUS_SPP = 1L << 8;
    private static final long SSTATUS_SPIE = 1L << 5;
    private static final long SSTATUS_SIE = 1L << 1;

    private Injection() {}

    /** Makes a VS-level interrupt pending, or not. */
    public static void interrupt(HartPort port, Cause cause, boolean pending) {
        long hvip = port.csr(Csr.HVIP.number);
        port.csr(Csr.HVIP.number, pending ? hvip | cause.bit() : hvip & ~cause.bit());
    }

    /** The guest takes an exception for the instruction at sepc. */
    public static void exception(HartPort port, Cause cause, long value) {
        long sstatus = port.csr(Csr.SSTATUS.number);
        long vsstatus = port.csr(Csr.VSSTATUS.number);
        boolean supervisor = (sstatus & SSTATUS_SPP) != 0;
        long spie = (vsstatus & SSTATUS_SIE) != 0 ? SSTATUS_SPIE : 0;
        long rest = vsstatus & ~(SSTATUS_SPP | SSTATUS_SPIE | SSTATUS_SIE);
        port.csr(Csr.VSSTATUS.number, rest | spie | (supervisor ? SSTATUS_SPP : 0));
        port.csr(Csr.VSCAUSE.number, cause.value());
        port.csr(Csr.VSTVAL.number, value);
        port.csr(Csr.VSEPC.number, port.csr(Csr.SEPC.number));
        // Exceptions go to the base address whatever the vector mode (priv S, stvec).
        port.csr(Csr.SEPC.number, port.csr(Csr.VSTVEC.number) & ~3L);
        port.csr(Csr.SSTATUS.number, sstatus | SSTATUS_SPP);
    }

    /** Whether an interrupt is pending and enabled by the guest, so that WFI does not wait. */
    public static boolean wakes(HartPort port) {
        return (port.csr(Csr.VSIP.number) & port.csr(Csr.VSIE.number)) != 0;
    }
}
