package calvin.machine.sbi;

import static calvin.machine.sbi.SbiError.NOT_SUPPORTED;
import static calvin.machine.sbi.SbiError.SUCCESS;
import static calvin.machine.sbi.SbiError.error;
import static calvin.machine.sbi.SbiError.result;
import static calvin.machine.sbi.SbiFirmware.A0;

import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.Resume;
import calvin.machine.isa.Csr;

/** What the firmware is (sbi 4), and the timer (sbi 6). */
final class SbiBase {
    /** Version 2.0: major in bits 30..24. */
    private static final long SPECIFICATION = 2L << 24;
    /** Not in the list of the specification, which ends far below. */
    private static final long IMPLEMENTATION = 0xCA17;
    private static final long IMPLEMENTATION_VERSION = 2;

    private SbiBase() {}

    static Resume call(HartPort port, long root, int function) {
        return switch (function) {
            case 0 -> result(port, SUCCESS, SPECIFICATION);
            case 1 -> result(port, SUCCESS, IMPLEMENTATION);
            case 2 -> result(port, SUCCESS, IMPLEMENTATION_VERSION);
            case 3 -> result(port, SUCCESS, SbiExtension.find((int) port.x(A0)) == null ? 0 : 1);
            case 4 -> result(port, SUCCESS, port.csr(Csr.MVENDORID.number));
            case 5 -> result(port, SUCCESS, port.csr(Csr.MARCHID.number));
            case 6 -> result(port, SUCCESS, port.csr(Csr.MIMPID.number));
            default -> error(port, NOT_SUPPORTED);
        };
    }

    static Resume timer(HartPort port, long root, int function) {
        if (function != 0) {
            return error(port, NOT_SUPPORTED);
        }
        SbiPmu.count(port.physical(), FirmwareStruct.hartAt(root, port.hartId()), SbiPmu.SET_TIMER);
        port.csr(Csr.STIMECMP.number, port.x(A0));
        return result(port, SUCCESS, 0);
    }

    static Resume legacyTimer(HartPort port, long root, int function) {
        return timer(port, root, 0);
    }
}
