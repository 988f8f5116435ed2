package calvin.hypervisor.exit;

/**
 * The SBI extensions that a guest finds, by their numbers (sbi 2.0), with the reason under which their calls are
 * counted.
 */
public enum SbiExtension {
    // @formatter:off
    LEGACY_SET_TIMER    (0x00,        ExitReason.SBI_TIMER),
    LEGACY_PUTCHAR      (0x01,        ExitReason.SBI_CONSOLE),
    LEGACY_GETCHAR      (0x02,        ExitReason.SBI_CONSOLE),
    LEGACY_CLEAR_IPI    (0x03,        ExitReason.SBI_IPI),
    LEGACY_SEND_IPI     (0x04,        ExitReason.SBI_IPI),
    LEGACY_FENCE_I      (0x05,        ExitReason.SBI_FENCE),
    LEGACY_SFENCE       (0x06,        ExitReason.SBI_FENCE),
    LEGACY_SFENCE_ASID  (0x07,        ExitReason.SBI_FENCE),
    LEGACY_SHUTDOWN     (0x08,        ExitReason.SBI_RESET),
    BASE                (0x10,        ExitReason.SBI_BASE),
    TIME                (0x5449_4D45, ExitReason.SBI_TIMER),
    IPI                 (0x0073_5049, ExitReason.SBI_IPI),
    RFENCE              (0x5246_4E43, ExitReason.SBI_FENCE),
    HSM                 (0x0048_534D, ExitReason.SBI_HART),
    SRST                (0x5352_5354, ExitReason.SBI_RESET),
    DBCN                (0x4442_434E, ExitReason.SBI_CONSOLE),
    /** Calvin's own, in the space of vendors: DBCN's write, for error output. */
    ERROR_CONSOLE       (0x09CA_0000, ExitReason.SBI_CONSOLE),
    /** Any other number. */
    ABSENT              (-1,          ExitReason.SBI_OTHER);
    // @formatter:on

    public final long number;
    public final ExitReason reason;

    private static final SbiExtension[] ALL = values();

    SbiExtension(long number, ExitReason reason) {
        this.number = number;
        this.reason = reason;
    }

    /** The extension of a value of a7. */
    public static SbiExtension of(long number) {
        for (int i = 0; i < ALL.length; i++) {
            if (ALL[i].number == number) {
                return ALL[i];
            }
        }
        return ABSENT;
    }
}
