package calvin.machine.sbi;

import static calvin.machine.sbi.FirmwareHartStruct.*;
import static calvin.machine.sbi.SbiFirmware.A0;
import static calvin.machine.sbi.SbiFirmware.A1;
import static calvin.machine.sbi.SbiFirmware.A2;
import static calvin.machine.sbi.SbiFirmware.A3;

import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.HostedVector;
import calvin.machine.hosted.Resume;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/**
 * The SBI's functions. Arguments are in a0.., extension in a7, function in a6; results in a0 (error) and a1 (value).
 */
final class SbiCalls {
    private static final int SUCCESS = 0;
    private static final int FAILED = -1;
    private static final int NOT_SUPPORTED = -2;
    private static final int INVALID_PARAMETER = -3;
    private static final int INVALID_ADDRESS = -5;
    private static final int ALREADY_AVAILABLE = -6;

    private static final int LEGACY_SET_TIMER = 0;
    private static final int LEGACY_PUTCHAR = 1;
    private static final int LEGACY_GETCHAR = 2;
    private static final int LEGACY_SHUTDOWN = 8;
    private static final int BASE = 0x10;
    private static final int TIME = 0x54494D45;
    private static final int IPI = 0x735049;
    private static final int RFENCE = 0x52464E43;
    private static final int HSM = 0x48534D;
    private static final int RESET = 0x53525354;
    private static final int CONSOLE = 0x4442434E;
    /**
     * Calvin's own, in the space of vendors (sbi, "Vendor-Specific Extension Space"): DBCN's write, for error output.
     */
    private static final int ERROR_CONSOLE = 0x09CA_0000;

    /** Version 2.0: major in bits 30..24. */
    private static final long SPECIFICATION = 2L << 24;
    /** Not in the list of the specification, which ends far below. */
    private static final long IMPLEMENTATION = 0xCA17;
    private static final long IMPLEMENTATION_VERSION = 1;
    /** A call of DBCN moves at most this many bytes; the caller repeats. */
    private static final int CONSOLE_BYTES = 1024;

    private static final long FINISHER_PASS = 0x5555;
    private static final long FINISHER_FAIL = 0x3333;
    private static final long FINISHER_RESET = 0x7777;
    private static final int UART_LSR = 5;

    private SbiCalls() {}

    static Resume answer(HartPort port, long root) {
        int extension = (int) port.x(17);
        int function = (int) port.x(16);
        switch (extension) {
            case BASE -> base(port, function);
            case TIME -> setTimer(port, function == 0, port.x(A0));
            case IPI -> toHarts(port, root, function == 0, INTERRUPT);
            case RFENCE -> toHarts(port, root, function >= 0 && function <= 6, fenceRequest(function));
            case HSM -> {
                return hart(port, root, function);
            }
            case RESET -> {
                return reset(port, root, function);
            }
            case CONSOLE -> console(port, root, function);
            case ERROR_CONSOLE -> {
                if (function == 0) {
                    write(port, port.physical(), FirmwareStruct.ERROR_UART.get(port.physical(), root));
                } else {
                    result(port, NOT_SUPPORTED, 0);
                }
            }
            case LEGACY_SET_TIMER -> setTimer(port, true, port.x(A0));
            case LEGACY_PUTCHAR -> {
                port.physical().u8(FirmwareStruct.UART.get(port.physical(), root), (int) port.x(A0));
                port.x(A0, 0);
            }
            case LEGACY_GETCHAR -> port.x(A0, readByte(port, root));
            case LEGACY_SHUTDOWN -> {
                return end(port, root, FINISHER_PASS);
            }
            default -> result(port, NOT_SUPPORTED, 0);
        }
        return Resume.RETURN;
    }

    private static void result(HartPort port, int error, long value) {
        port.x(A0, error);
        port.x(A1, value);
    }

    private static void base(HartPort port, int function) {
        switch (function) {
            case 0 -> result(port, SUCCESS, SPECIFICATION);
            case 1 -> result(port, SUCCESS, IMPLEMENTATION);
            case 2 -> result(port, SUCCESS, IMPLEMENTATION_VERSION);
            case 3 -> result(port, SUCCESS, switch ((int) port.x(A0)) {
                case BASE, TIME, IPI, RFENCE, HSM, RESET, CONSOLE, ERROR_CONSOLE, LEGACY_SET_TIMER, LEGACY_PUTCHAR,
                        LEGACY_GETCHAR,
                        LEGACY_SHUTDOWN -> 1;
                default -> 0;
            });
            case 4 -> result(port, SUCCESS, port.csr(Csr.MVENDORID.number));
            case 5 -> result(port, SUCCESS, port.csr(Csr.MARCHID.number));
            case 6 -> result(port, SUCCESS, port.csr(Csr.MIMPID.number));
            default -> result(port, NOT_SUPPORTED, 0);
        }
    }

    private static void setTimer(HartPort port, boolean known, long time) {
        if (known) {
            port.csr(Csr.STIMECMP.number, time);
        }
        result(port, known ? SUCCESS : NOT_SUPPORTED, 0);
    }

    private static int fenceRequest(int function) {
        return switch (function) {
            case 0 -> FENCE_INSTRUCTIONS;
            case 1, 2 -> FENCE_TRANSLATIONS;
            default -> FENCE_GUESTS;
        };
    }

    /** Passes a request to the harts of a mask (a0) from a base (a1), or to all where the base is -1. */
    private static void toHarts(HartPort port, long root, boolean known, int request) {
        if (!known) {
            result(port, NOT_SUPPORTED, 0);
            return;
        }
        long harts = FirmwareStruct.HARTS.get(port.physical(), root);
        long mask = port.x(A0);
        long base = port.x(A1);
        if (base == -1) {
            for (long hart = 0; hart < harts; hart++) {
                ask(port, root, hart, request);
            }
        } else {
            long last = base + 63 - Long.numberOfLeadingZeros(mask);
            if (mask != 0 && (base < 0 || last >= harts || last < 0)) {
                result(port, INVALID_PARAMETER, 0);
                return;
            }
            for (long rest = mask; rest != 0; rest &= rest - 1) {
                ask(port, root, base + Long.numberOfTrailingZeros(rest), request);
            }
        }
        result(port, SUCCESS, 0);
    }

    private static void ask(HartPort port, long root, long hart, int request) {
        Memory memory = port.physical();
        if (hart == port.hartId() && request != INTERRUPT) {
            switch (request) {
                case FENCE_INSTRUCTIONS -> port.fenceI();
                case FENCE_TRANSLATIONS -> port.sfenceVma();
                default -> port.hfence();
            }
            return;
        }
        long at = FirmwareStruct.hartAt(root, hart);
        REQUESTS.set(memory, at, REQUESTS.get(memory, at) | request);
        memory.u32(FirmwareStruct.CLINT.get(memory, root) + 4 * hart, 1);
    }

    private static Resume hart(HartPort port, long root, int function) {
        Memory memory = port.physical();
        long hart = port.x(A0);
        long at = FirmwareStruct.hartAt(root, hart);
        boolean exists = hart >= 0 && hart < FirmwareStruct.HARTS.get(memory, root);
        switch (function) {
            case 0 -> result(port, exists ? start(port, root, hart, at) : INVALID_PARAMETER, 0);
            case 1 -> {
                STATE.set(memory, FirmwareStruct.hartAt(root, port.hartId()), STOPPED);
                return Resume.IDLE;
            }
            // HSM's numbers: 0 started, 1 stopped, 2 start pending.
            case 2 -> result(port, exists ? SUCCESS : INVALID_PARAMETER, !exists
                    ? 0
                    : switch ((int) STATE.get(memory, at)) {
                        case STARTED -> 0;
                        case STOPPED -> 1;
                        default -> 2;
                    });
            default -> result(port, NOT_SUPPORTED, 0);
        }
        return Resume.RETURN;
    }

    private static int start(HartPort port, long root, long hart, long at) {
        Memory memory = port.physical();
        if (STATE.get(memory, at) != STOPPED) {
            return ALREADY_AVAILABLE;
        }
        long pc = port.x(A1);
        if (!HostedVector.contains(pc)) {
            port.badAccess();
            memory.u16(pc);
            if ((pc & 1) != 0 || port.badAccess()) {
                return INVALID_ADDRESS;
            }
        }
        STATE.set(memory, at, START_PENDING);
        START_PC.set(memory, at, pc);
        START_ARGUMENT.set(memory, at, port.x(A2));
        ask(port, root, hart, START);
        return SUCCESS;
    }

    private static Resume reset(HartPort port, long root, int function) {
        long type = port.x(A0) & 0xFFFF_FFFFL;
        long reason = port.x(A1) & 0xFFFF_FFFFL;
        if (function != 0 || type > 2) {
            result(port, function != 0 ? NOT_SUPPORTED : INVALID_PARAMETER, 0);
            return Resume.RETURN;
        }
        // SRST: reason 0 is none, 1 is a system failure.
        return end(port, root, type != 0 ? FINISHER_RESET : reason == 0 ? FINISHER_PASS : FINISHER_FAIL | 1 << 16);
    }

    private static Resume end(HartPort port, long root, long command) {
        port.physical().u32(FirmwareStruct.FINISHER.get(port.physical(), root), command);
        return Resume.IDLE;
    }

    private static void console(HartPort port, long root, int function) {
        Memory memory = port.physical();
        long uart = FirmwareStruct.UART.get(memory, root);
        switch (function) {
            case 0 -> write(port, memory, uart);
            case 1 -> read(port, root, memory);
            case 2 -> {
                memory.u8(uart, (int) port.x(A0));
                result(port, SUCCESS, 0);
            }
            default -> result(port, NOT_SUPPORTED, 0);
        }
    }

    private static void write(HartPort port, Memory memory, long uart) {
        long bytes = Math.min(port.x(A0), CONSOLE_BYTES);
        long at = port.x(A1);
        port.badAccess();
        for (long i = 0; i < bytes; i++) {
            int value = memory.u8(at + i);
            if (port.badAccess()) {
                result(port, INVALID_PARAMETER, 0);
                return;
            }
            memory.u8(uart, value);
        }
        result(port, bytes < 0 || port.x(A3 - 1) != 0 ? INVALID_PARAMETER : SUCCESS, bytes);
    }

    private static void read(HartPort port, long root, Memory memory) {
        long count = 0;
        port.badAccess();
        while (count < port.x(A0)) {
            long value = readByte(port, root);
            if (value < 0) {
                break;
            }
            memory.u8(port.x(A1) + count, (int) value);
            if (port.badAccess()) {
                result(port, FAILED, 0);
                return;
            }
            count++;
        }
        result(port, SUCCESS, count);
    }

    /** The next byte typed, or -1. */
    private static long readByte(HartPort port, long root) {
        Memory memory = port.physical();
        long uart = FirmwareStruct.UART.get(memory, root);
        return (memory.u8(uart + UART_LSR) & 1) == 0 ? -1 : memory.u8(uart);
    }
}
