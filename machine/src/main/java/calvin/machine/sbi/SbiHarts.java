package calvin.machine.sbi;

import static calvin.machine.sbi.FirmwareHartStruct.*;
import static calvin.machine.sbi.SbiError.ALREADY_AVAILABLE;
import static calvin.machine.sbi.SbiError.INVALID_ADDRESS;
import static calvin.machine.sbi.SbiError.INVALID_PARAMETER;
import static calvin.machine.sbi.SbiError.NOT_SUPPORTED;
import static calvin.machine.sbi.SbiError.SUCCESS;
import static calvin.machine.sbi.SbiError.error;
import static calvin.machine.sbi.SbiError.result;
import static calvin.machine.sbi.SbiFirmware.A0;
import static calvin.machine.sbi.SbiFirmware.A1;
import static calvin.machine.sbi.SbiFirmware.A2;

import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.HostedVector;
import calvin.machine.hosted.Resume;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/** Between harts: IPI (sbi 7), RFENCE (sbi 8) and HSM (sbi 9). */
final class SbiHarts {
    private static final int LAST_FENCE = 6;
    /** HSM's default suspend types; bit 31 says that the hart forgets its registers. */
    private static final int SUSPEND_RETENTIVE = 0;
    private static final int SUSPEND_FORGETTING = 0x8000_0000;

    private SbiHarts() {}

    static Resume interrupt(HartPort port, long root, int function) {
        if (function != 0) {
            return error(port, NOT_SUPPORTED);
        }
        SbiPmu.count(port.physical(), FirmwareStruct.hartAt(root, port.hartId()), SbiPmu.IPI_SENT);
        return toHarts(port, root, INTERRUPT);
    }

    static Resume fence(HartPort port, long root, int function) {
        if (function < 0 || function > LAST_FENCE) {
            return error(port, NOT_SUPPORTED);
        }
        SbiPmu.count(port.physical(), FirmwareStruct.hartAt(root, port.hartId()), SbiPmu.fenceEvent(function));
        return toHarts(port, root, FENCE << function);
    }

    /** Passes a request to the harts of a mask (a0) from a base (a1), or to all where the base is -1. */
    private static Resume toHarts(HartPort port, long root, int request) {
        long harts = FirmwareStruct.HARTS.get(port.physical(), root);
        long mask = port.x(A0);
        long base = port.x(A1);
        if (base == -1) {
            for (long hart = 0; hart < harts; hart++) {
                ask(port, root, hart, request);
            }
            return result(port, SUCCESS, 0);
        }
        long last = base + 63 - Long.numberOfLeadingZeros(mask);
        if (mask != 0 && (base < 0 || last >= harts || last < 0)) {
            return error(port, INVALID_PARAMETER);
        }
        for (long rest = mask; rest != 0; rest &= rest - 1) {
            ask(port, root, base + Long.numberOfTrailingZeros(rest), request);
        }
        return result(port, SUCCESS, 0);
    }

    private static void ask(HartPort port, long root, long hart, int request) {
        Memory memory = port.physical();
        if (hart == port.hartId() && request >= FENCE) {
            if ((request & FENCE_INSTRUCTIONS) != 0) {
                port.fenceI();
            } else if ((request & FENCE_TRANSLATIONS) != 0) {
                port.sfenceVma();
            } else {
                port.hfence();
            }
            return;
        }
        long at = FirmwareStruct.hartAt(root, hart);
        REQUESTS.set(memory, at, REQUESTS.get(memory, at) | request);
        memory.u32(FirmwareStruct.CLINT.get(memory, root) + 4 * hart, 1);
    }

    static Resume manage(HartPort port, long root, int function) {
        Memory memory = port.physical();
        long own = FirmwareStruct.hartAt(root, port.hartId());
        long hart = port.x(A0);
        boolean exists = hart >= 0 && hart < FirmwareStruct.HARTS.get(memory, root);
        return switch (function) {
            case 0 -> error(port, exists ? start(port, root, hart) : INVALID_PARAMETER);
            case 1 -> {
                STATE.set(memory, own, STOPPED);
                yield Resume.IDLE;
            }
            case 2 -> exists
                    ? result(port, SUCCESS, status(STATE.get(memory, FirmwareStruct.hartAt(root, hart))))
                    : error(port, INVALID_PARAMETER);
            case 3 -> suspend(port, own, (int) port.x(A0));
            default -> error(port, NOT_SUPPORTED);
        };
    }

    /** HSM's numbers (sbi, table 10): 0 started, 1 stopped, 2 start pending, 4 suspended. */
    private static long status(long state) {
        return state == STARTED ? 0 : state == STOPPED ? 1 : state;
    }

    private static int start(HartPort port, long root, long hart) {
        Memory memory = port.physical();
        long at = FirmwareStruct.hartAt(root, hart);
        if (STATE.get(memory, at) != STOPPED) {
            return ALREADY_AVAILABLE;
        }
        long pc = port.x(A1);
        if (!executable(port, pc)) {
            return INVALID_ADDRESS;
        }
        STATE.set(memory, at, START_PENDING);
        START_PC.set(memory, at, pc);
        START_ARGUMENT.set(memory, at, port.x(A2));
        ask(port, root, hart, START);
        return SUCCESS;
    }

    /** Whether a hart could begin there, by its physical address. */
    static boolean executable(HartPort port, long pc) {
        if (HostedVector.contains(pc)) {
            return true;
        }
        port.badAccess();
        port.physical().u16(pc);
        return (pc & 1) == 0 && !port.badAccess();
    }

    private static Resume suspend(HartPort port, long own, int type) {
        if (type != SUSPEND_RETENTIVE && type != SUSPEND_FORGETTING) {
            return error(port, INVALID_PARAMETER);
        }
        boolean forgets = type == SUSPEND_FORGETTING;
        if (forgets && !executable(port, port.x(A1))) {
            return error(port, INVALID_ADDRESS);
        }
        return suspend(port, own, forgets ? port.x(A1) : 0, port.x(A2));
    }

    /**
     * Waits in M mode for an interrupt that the kernel has enabled. While it waits, no interrupt is delegated, so that
     * each comes here.
     *
     * @param pc where the hart goes on, 0 for behind its call with its registers as they are
     */
    static Resume suspend(HartPort port, long own, long pc, long argument) {
        Memory memory = port.physical();
        STATE.set(memory, own, SUSPENDED);
        START_PC.set(memory, own, pc);
        START_ARGUMENT.set(memory, own, argument);
        SUSPEND_STATUS.set(memory, own, port.csr(Csr.MSTATUS.number));
        SUSPEND_PC.set(memory, own, port.csr(Csr.MEPC.number));
        port.csr(Csr.MIDELEG.number, 0);
        return Resume.IDLE;
    }

    /** An interrupt has come for the kernel of a suspended hart; it stays pending. */
    static Resume resume(HartPort port, long own) {
        Memory memory = port.physical();
        STATE.set(memory, own, STARTED);
        port.csr(Csr.MIDELEG.number, SbiFirmware.SUPERVISOR_INTERRUPTS);
        port.csr(Csr.MSTATUS.number, SUSPEND_STATUS.get(memory, own));
        if (START_PC.get(memory, own) != 0) {
            return SbiFirmware.enterSupervisor(port, START_PC.get(memory, own), START_ARGUMENT.get(memory, own));
        }
        port.csr(Csr.MEPC.number, SUSPEND_PC.get(memory, own));
        return result(port, SUCCESS, 0);
    }
}
