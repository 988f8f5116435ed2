package calvin.machine.sbi;

import static calvin.machine.sbi.FirmwareHartStruct.STATE;
import static calvin.machine.sbi.FirmwareHartStruct.STOPPED;
import static calvin.machine.sbi.SbiError.DENIED;
import static calvin.machine.sbi.SbiError.INVALID_ADDRESS;
import static calvin.machine.sbi.SbiError.INVALID_PARAMETER;
import static calvin.machine.sbi.SbiError.NOT_SUPPORTED;
import static calvin.machine.sbi.SbiError.error;
import static calvin.machine.sbi.SbiFirmware.A0;
import static calvin.machine.sbi.SbiFirmware.A1;
import static calvin.machine.sbi.SbiFirmware.A2;

import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.Resume;
import calvin.sim.state.Memory;

/** The whole machine: SRST (sbi 10) and SUSP (sbi 13). */
final class SbiPower {
    private static final long PASS = 0x5555;
    private static final long FAIL = 0x3333;
    private static final long RESET = 0x7777;
    /** SRST: shutdown, cold reboot, warm reboot. */
    private static final long LAST_TYPE = 2;

    private SbiPower() {}

    static Resume reset(HartPort port, long root, int function) {
        long type = port.x(A0) & 0xFFFF_FFFFL;
        long reason = port.x(A1) & 0xFFFF_FFFFL;
        if (function != 0) {
            return error(port, NOT_SUPPORTED);
        }
        // Reasons: 0 none, 1 system failure; the next are reserved up to those of implementations and vendors.
        if (type > LAST_TYPE || reason > 1 && reason < 0xE000_0000L) {
            return error(port, INVALID_PARAMETER);
        }
        return end(port, root, type != 0 ? RESET : reason == 0 ? PASS : FAIL | 1 << 16);
    }

    static Resume legacyShutdown(HartPort port, long root, int function) {
        return end(port, root, PASS);
    }

    private static Resume end(HartPort port, long root, long command) {
        port.physical().u32(FirmwareStruct.FINISHER.get(port.physical(), root), command);
        return Resume.IDLE;
    }

    /** To RAM, which is kept anyhow: the hart waits for an interrupt while all others are stopped. */
    static Resume suspend(HartPort port, long root, int function) {
        if (function != 0) {
            return error(port, NOT_SUPPORTED);
        }
        if ((int) port.x(A0) != 0) {
            return error(port, INVALID_PARAMETER);
        }
        if (!SbiHarts.executable(port, port.x(A1))) {
            return error(port, INVALID_ADDRESS);
        }
        Memory memory = port.physical();
        for (long hart = 0; hart < FirmwareStruct.HARTS.get(memory, root); hart++) {
            if (hart != port.hartId() && STATE.get(memory, FirmwareStruct.hartAt(root, hart)) != STOPPED) {
                return error(port, DENIED);
            }
        }
        return SbiHarts.suspend(port, FirmwareStruct.hartAt(root, port.hartId()), port.x(A1), port.x(A2));
    }
}
