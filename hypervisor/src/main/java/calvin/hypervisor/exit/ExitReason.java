package calvin.hypervisor.exit;

import calvin.machine.isa.Cause;

/** Why a guest left, as telemetry counts it. The ordinal is the code in {@code VcpuStruct.COUNTS} and in traces. */
public enum ExitReason {
    // @formatter:off
    HOST_INTERRUPT      ("an interrupt of the host"),
    SBI_BASE            ("ecall, SBI base extension"),
    SBI_TIMER           ("ecall, SBI TIME or legacy set_timer"),
    SBI_IPI             ("ecall, SBI IPI or legacy send_ipi"),
    SBI_FENCE           ("ecall, SBI RFENCE or legacy remote fences"),
    SBI_HART            ("ecall, SBI HSM"),
    SBI_RESET           ("ecall, SBI SRST or legacy shutdown"),
    SBI_CONSOLE         ("ecall, SBI DBCN or legacy console"),
    SBI_OTHER           ("ecall, an extension that is not there"),
    MMIO_LOAD           ("load from a hooked range"),
    MMIO_STORE          ("store to a hooked range"),
    WAIT                ("wfi or wrs"),
    PRIVILEGED          ("an instruction or register that the guest may not use"),
    NOTHING_THERE       ("access to a guest-physical address without anything behind it"),
    UNKNOWN             ("a trap that the hypervisor does not expect");
    // @formatter:on

    /** For documents. */
    public final String meaning;

    private static final ExitReason[] ALL = values();
    private static final ExitReason[] BY_EXCEPTION = new ExitReason[64];
    static {
        java.util.Arrays.fill(BY_EXCEPTION, UNKNOWN);
        BY_EXCEPTION[Cause.ECALL_FROM_VS.code] = SBI_OTHER;
        BY_EXCEPTION[Cause.INSTRUCTION_GUEST_PAGE_FAULT.code] = NOTHING_THERE;
        BY_EXCEPTION[Cause.LOAD_GUEST_PAGE_FAULT.code] = MMIO_LOAD;
        BY_EXCEPTION[Cause.STORE_GUEST_PAGE_FAULT.code] = MMIO_STORE;
        BY_EXCEPTION[Cause.VIRTUAL_INSTRUCTION.code] = PRIVILEGED;
    }

    ExitReason(String meaning) {
        this.meaning = meaning;
    }

    public static ExitReason of(int code) {
        return ALL[code];
    }

    public static int count() {
        return ALL.length;
    }

    /**
     * The reason class of a value of scause: what is left to look at is the SBI extension, the range of a guest-page
     * fault, the bits of a virtual instruction.
     */
    static ExitReason ofCause(long scause) {
        if (scause < 0) {
            return HOST_INTERRUPT;
        }
        return scause < BY_EXCEPTION.length ? BY_EXCEPTION[(int) scause] : UNKNOWN;
    }
}
