package calvin.machine.sbi;

import static calvin.machine.sbi.SbiError.NOT_SUPPORTED;

import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.Resume;

/**
 * The extensions of the SBI that the firmware has, the most frequent ones first. Arguments are in a0.., extension in
 * a7, function in a6; results in a0 (error) and a1 (value).
 */
enum SbiExtension {
    // @formatter:off
    TIME          (0x54494D45,  SbiBase::timer),
    IPI           (0x735049,    SbiHarts::interrupt),
    RFENCE        (0x52464E43,  SbiHarts::fence),
    DBCN          (0x4442434E,  SbiConsole::call),
    PMU           (0x504D55,    SbiPmu::call),
    HSM           (0x48534D,    SbiHarts::manage),
    BASE          (0x10,        SbiBase::call),
    SRST          (0x53525354,  SbiPower::reset),
    SUSP          (0x53555350,  SbiPower::suspend),
    /** Calvin's own, in the space of vendors (sbi 15): DBCN's write, for error output. */
    ERROR_CONSOLE (0x09CA_0000, SbiConsole::error),
    // The legacy calls (sbi 5): the extension is the function.
    SET_TIMER     (0,           SbiBase::legacyTimer),
    PUTCHAR       (1,           SbiConsole::legacyPut),
    GETCHAR       (2,           SbiConsole::legacyGet),
    SHUTDOWN      (8,           SbiPower::legacyShutdown);
    // @formatter:on

    /** Answers a call. */
    interface Handler {
        Resume call(HartPort port, long root, int function);
    }

    private static final SbiExtension[] ALL = values();

    private final int id;
    private final Handler handler;

    SbiExtension(int id, Handler handler) {
        this.id = id;
        this.handler = handler;
    }

    /** The extension of this number, or null. */
    static SbiExtension find(int id) {
        for (SbiExtension each : ALL) {
            if (each.id == id) {
                return each;
            }
        }
        return null;
    }

    static Resume answer(HartPort port, long root) {
        SbiExtension extension = find((int) port.x(17));
        return extension == null
                ? SbiError.error(port, NOT_SUPPORTED)
                : extension.handler.call(port, root, (int) port.x(16));
    }
}
