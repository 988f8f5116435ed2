package calvin.hypervisor.exit;

import calvin.hypervisor.gpa.Regions;
import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Csr;

/** Reads what the hart says about an exit that has just happened. */
public final class Exits {
    /** priv, wfi; unpriv Zawrs, wrs.nto: hstatus.VTW makes both trap as virtual instructions. */
    private static final long WFI = 0x1050_0073L;
    private static final long WRS_NTO = 0x00D0_0073L;
    private static final int A7 = 17;

    private Exits() {}

    /** Guest-physical address of a guest-page fault: htval has all but the low two bits, which stval has. */
    public static long gpa(HartPort port) {
        return port.csr(Csr.HTVAL.number) << 2 | port.csr(Csr.STVAL.number) & 3;
    }

    /** Why the guest of the VM at {@code vmAt} left. */
    public static ExitReason reason(HartPort port, long vmAt) {
        ExitReason reason = ExitReason.ofCause(port.csr(Csr.SCAUSE.number));
        return switch (reason) {
            case SBI_OTHER -> SbiExtension.of(port.x(A7)).reason;
            case MMIO_LOAD, MMIO_STORE ->
                    Regions.hooked(port.physical(), vmAt, gpa(port)) < 0 ? ExitReason.NOTHING_THERE : reason;
            case PRIVILEGED -> waits(privileged(port)) ? ExitReason.WAIT : reason;
            default -> reason;
        };
    }

    /** The bits of the instruction that raised a virtual-instruction fault, or 0. */
    public static long privileged(HartPort port) {
        long stval = port.csr(Csr.STVAL.number);
        return stval != 0 ? stval : MmioAccess.instruction(port) & 0xFFFF_FFFFL;
    }

    private static boolean waits(long instruction) {
        return instruction == WFI || instruction == WRS_NTO;
    }

    /** The exit that has just happened, for people. */
    public static Exit describe(HartPort port, ExitReason reason) {
        long scause = port.csr(Csr.SCAUSE.number);
        long pc = port.csr(Csr.SEPC.number);
        return switch (reason) {
            case HOST_INTERRUPT -> new Exit.HostInterrupt((int) scause & 63);
            case SBI_BASE, SBI_TIMER, SBI_IPI, SBI_FENCE, SBI_HART, SBI_RESET, SBI_CONSOLE, SBI_OTHER ->
                    new Exit.SbiCall(reason, port.x(A7), port.x(A7 - 1), port.x(10));
            case MMIO_LOAD, MMIO_STORE -> new Exit.Mmio(reason, gpa(port), MmioAccess.decode(port), pc);
            case WAIT -> new Exit.Wait(pc);
            case PRIVILEGED -> new Exit.Privileged(privileged(port), pc);
            case NOTHING_THERE -> new Exit.NothingThere(scause, gpa(port), pc);
            case UNKNOWN -> new Exit.Unknown(scause, port.csr(Csr.STVAL.number), port.csr(Csr.HTVAL.number), pc);
        };
    }
}
