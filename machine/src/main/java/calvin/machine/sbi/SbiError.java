package calvin.machine.sbi;

import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.Resume;

/** Errors of SBI calls (sbi 3.1), and how they are returned: a0 error, a1 value. */
final class SbiError {
    static final int SUCCESS = 0;
    static final int FAILED = -1;
    static final int NOT_SUPPORTED = -2;
    static final int INVALID_PARAMETER = -3;
    static final int DENIED = -4;
    static final int INVALID_ADDRESS = -5;
    static final int ALREADY_AVAILABLE = -6;
    static final int ALREADY_STARTED = -7;
    static final int ALREADY_STOPPED = -8;

    private SbiError() {}

    static Resume result(HartPort port, int error, long value) {
        port.x(SbiFirmware.A0, error);
        port.x(SbiFirmware.A1, value);
        return Resume.RETURN;
    }

    static Resume error(HartPort port, int error) {
        return result(port, error, 0);
    }
}
