package calvin.machine.sbi;

import static calvin.machine.sbi.SbiError.FAILED;
import static calvin.machine.sbi.SbiError.INVALID_PARAMETER;
import static calvin.machine.sbi.SbiError.NOT_SUPPORTED;
import static calvin.machine.sbi.SbiError.SUCCESS;
import static calvin.machine.sbi.SbiError.result;
import static calvin.machine.sbi.SbiFirmware.A0;
import static calvin.machine.sbi.SbiFirmware.A1;
import static calvin.machine.sbi.SbiFirmware.A2;

import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.Resume;
import calvin.sim.state.Memory;

/** The debug console (sbi 12) on the serial port. */
final class SbiConsole {
    /** A call moves at most this many bytes; the caller repeats. */
    private static final int MOST_BYTES = 1024;
    private static final int UART_LSR = 5;

    private SbiConsole() {}

    static Resume call(HartPort port, long root, int function) {
        Memory memory = port.physical();
        long uart = FirmwareStruct.UART.get(memory, root);
        return switch (function) {
            case 0 -> write(port, memory, uart);
            case 1 -> read(port, root, memory);
            case 2 -> {
                memory.u8(uart, (int) port.x(A0));
                yield result(port, SUCCESS, 0);
            }
            default -> SbiError.error(port, NOT_SUPPORTED);
        };
    }

    static Resume error(HartPort port, long root, int function) {
        long uart = FirmwareStruct.ERROR_UART.get(port.physical(), root);
        return function == 0 && uart != 0
                ? write(port, port.physical(), uart)
                : SbiError.error(port, NOT_SUPPORTED);
    }

    private static Resume write(HartPort port, Memory memory, long uart) {
        long bytes = Math.min(port.x(A0), MOST_BYTES);
        long at = port.x(A1);
        if (bytes < 0 || port.x(A2) != 0) {
            return SbiError.error(port, INVALID_PARAMETER);
        }
        port.badAccess();
        for (long i = 0; i < bytes; i++) {
            int value = memory.u8(at + i);
            if (port.badAccess()) {
                return SbiError.error(port, INVALID_PARAMETER);
            }
            memory.u8(uart, value);
        }
        return result(port, SUCCESS, bytes);
    }

    private static Resume read(HartPort port, long root, Memory memory) {
        long count = 0;
        port.badAccess();
        while (count < port.x(A0)) {
            long value = readByte(port, root);
            if (value < 0) {
                break;
            }
            memory.u8(port.x(A1) + count, (int) value);
            if (port.badAccess()) {
                return SbiError.error(port, FAILED);
            }
            count++;
        }
        return result(port, SUCCESS, count);
    }

    /** The next byte typed, or -1. */
    private static long readByte(HartPort port, long root) {
        Memory memory = port.physical();
        long uart = FirmwareStruct.UART.get(memory, root);
        return (memory.u8(uart + UART_LSR) & 1) == 0 ? -1 : memory.u8(uart);
    }

    static Resume legacyPut(HartPort port, long root, int function) {
        port.physical().u8(FirmwareStruct.UART.get(port.physical(), root), (int) port.x(A0));
        port.x(A0, 0);
        return Resume.RETURN;
    }

    static Resume legacyGet(HartPort port, long root, int function) {
        port.x(A0, readByte(port, root));
        return Resume.RETURN;
    }
}
