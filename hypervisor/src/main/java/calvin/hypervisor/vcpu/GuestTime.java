package calvin.hypervisor.vcpu;

import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;

/**
 * A guest's clock and timer. Its time CSR is the host's plus htimedelta, which is chosen so that it starts at 0; its
 * timer is vstimecmp (Sstc), which a guest either writes itself as stimecmp or sets by the SBI TIME extension. Time
 * runs on while the guest is not on a hart: it is the real time of the virtual machine, not its share of the hart.
 */
public final class GuestTime {
    /** henvcfg.STCE: the guest has stimecmp, and VSTIP follows vstimecmp (priv Sstc). */
    public static final long HENVCFG_STCE = 1L << 63;
    public static final long NEVER = -1L;

    private GuestTime() {}

    /** Sets the timer to the guest's time {@code deadline}. */
    public static void setTimer(HartPort port, long deadline) {
        port.csr(Csr.VSTIMECMP.number, deadline);
        Injection.interrupt(port, Cause.VIRTUAL_SUPERVISOR_TIMER, false);
    }

    /**
     * The host's time at which the timer of the guest on the hart fires, or {@link #NEVER}; what lies in the past is
     * now.
     */
    public static long wakeTime(HartPort port) {
        long deadline = port.csr(Csr.VSTIMECMP.number);
        if (deadline == NEVER || (port.csr(Csr.VSIE.number) & 1L << Cause.SUPERVISOR_TIMER.code) == 0) {
            return NEVER;
        }
        long now = port.time();
        long guestNow = now + port.csr(Csr.HTIMEDELTA.number);
        if (Long.compareUnsigned(deadline, guestNow) <= 0) {
            return now;
        }
        long wake = now + (deadline - guestNow);
        return Long.compareUnsigned(wake, now) < 0 ? NEVER : wake;
    }
}
