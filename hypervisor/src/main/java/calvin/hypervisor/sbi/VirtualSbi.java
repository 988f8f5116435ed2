package calvin.hypervisor.sbi;

import calvin.hypervisor.exit.SbiExtension;
import calvin.hypervisor.host.After;
import calvin.hypervisor.host.VmmHost;
import calvin.hypervisor.vcpu.GuestTime;
import calvin.hypervisor.vcpu.Injection;
import calvin.hypervisor.vm.VmState;
import calvin.hypervisor.vm.VmStruct;
import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/**
 * Answers an environment call of a guest: a7 names the extension, a6 the function, a0 to a5 are the arguments; a0 is
 * the error and a1 the value afterwards (sbi, "Binary Encoding"). The guest goes on behind the ecall.
 *
 * <p>Left out: remote HFENCEs (a guest has no H extension), non-retentive suspend, PMU, CPPC, nested acceleration,
 * steal time.
 */
public final class VirtualSbi {
    public static final int SUCCESS = 0;
    public static final int NOT_SUPPORTED = -2;
    public static final int INVALID_PARAM = -3;
    public static final int INVALID_ADDRESS = -5;
    public static final int ALREADY_AVAILABLE = -6;

    /** SBI 2.0: major in bits 30..24, minor below. */
    private static final long SPEC_VERSION = 2L << 24;
    /** ours: a value outside of the SBI registry, the same as the hosted firmware's. */
    private static final long IMPLEMENTATION = 0xCA17;
    private static final long IMPLEMENTATION_VERSION = 1;
    private static final int ECALL_BYTES = 4;
    private static final int A0 = 10;
    private static final int A1 = 11;
    private static final int A2 = 12;
    private static final int A6 = 16;
    private static final int A7 = 17;
    private static final int MAX_CONSOLE_BYTES = 4096;
    private static final int STARTED = 0;
    private static final int RESET_TYPES = 3;

    /** Function of {@link #transfer} that DBCN does not have: write to where error output goes. */
    private static final int ERRORS = -1;

    private VirtualSbi() {}

    /** Answers the call that the trap just taken is. */
    public static After call(HartPort port, VmmHost host, long vmAt) {
        port.csr(Csr.SEPC.number, port.csr(Csr.SEPC.number) + ECALL_BYTES);
        SbiExtension extension = SbiExtension.of(port.x(A7));
        int function = (int) port.x(A6);
        return switch (extension) {
            case BASE -> base(port, function);
            case TIME -> function == 0 ? timer(port) : answer(port, NOT_SUPPORTED, 0);
            case IPI -> function == 0 ? sendIpi(port, vmAt, port.x(A0), port.x(A1)) : answer(port, NOT_SUPPORTED, 0);
            case RFENCE -> fence(port, vmAt, function);
            case HSM -> harts(port, vmAt, function);
            case SRST -> function == 0 ? reset(port, vmAt) : answer(port, NOT_SUPPORTED, 0);
            case DBCN -> console(port, host, vmAt, function);
            case ERROR_CONSOLE -> function == 0
                    ? transfer(port, host, vmAt, ERRORS)
                    : answer(port, NOT_SUPPORTED, 0);
            case LEGACY_SET_TIMER -> {
                GuestTime.setTimer(port, port.x(A0));
                yield legacy(port, 0);
            }
            case LEGACY_PUTCHAR -> {
                host.print(port, (int) port.x(A0) & 0xFF);
                yield legacy(port, 0);
            }
            case LEGACY_GETCHAR -> legacy(port, host.read(port));
            case LEGACY_CLEAR_IPI -> {
                Injection.interrupt(port, Cause.VIRTUAL_SUPERVISOR_SOFTWARE, false);
                yield legacy(port, 0);
            }
            case LEGACY_SEND_IPI -> {
                // The argument is the guest's virtual address of the mask; there is one hart to send to.
                if ((port.guestLoad(port.x(A0), 3) & 1) != 0 && !port.badAccess()) {
                    Injection.interrupt(port, Cause.VIRTUAL_SUPERVISOR_SOFTWARE, true);
                }
                yield legacy(port, 0);
            }
            case LEGACY_FENCE_I -> {
                port.fenceI();
                yield legacy(port, 0);
            }
            case LEGACY_SFENCE, LEGACY_SFENCE_ASID -> {
                port.hfence();
                yield legacy(port, 0);
            }
            case LEGACY_SHUTDOWN -> ended(port, vmAt, 0);
            case ABSENT -> answer(port, NOT_SUPPORTED, 0);
        };
    }

    private static After base(HartPort port, int function) {
        return switch (function) {
            case 0 -> answer(port, SUCCESS, SPEC_VERSION);
            case 1 -> answer(port, SUCCESS, IMPLEMENTATION);
            case 2 -> answer(port, SUCCESS, IMPLEMENTATION_VERSION);
            case 3 -> answer(port, SUCCESS, SbiExtension.of(port.x(A0)) == SbiExtension.ABSENT ? 0 : 1);
            // mvendorid, marchid, mimpid: 0 is "not implemented" (priv M).
            case 4, 5, 6 -> answer(port, SUCCESS, 0);
            default -> answer(port, NOT_SUPPORTED, 0);
        };
    }

    private static After timer(HartPort port) {
        GuestTime.setTimer(port, port.x(A0));
        return answer(port, SUCCESS, 0);
    }

    /**
     * Whether a hart mask names only harts that exist. A base of all ones means every hart (sbi, "Hart list
     * parameter").
     */
    private static boolean valid(HartPort port, long vmAt, long mask, long base) {
        if (base == -1) {
            return true;
        }
        long harts = VmStruct.VCPUS.get(port.physical(), vmAt);
        return mask == 0 || base >= 0 && base + 63 - Long.numberOfLeadingZeros(mask) < harts;
    }

    private static boolean names(long mask, long base) {
        return base == -1 || base == 0 && (mask & 1) != 0;
    }

    private static After sendIpi(HartPort port, long vmAt, long mask, long base) {
        if (!valid(port, vmAt, mask, base)) {
            return answer(port, INVALID_PARAM, 0);
        }
        if (names(mask, base)) {
            Injection.interrupt(port, Cause.VIRTUAL_SUPERVISOR_SOFTWARE, true);
        }
        return answer(port, SUCCESS, 0);
    }

    private static After fence(HartPort port, long vmAt, int function) {
        if (function < 0 || function > 2) {
            return answer(port, NOT_SUPPORTED, 0);
        }
        if (!valid(port, vmAt, port.x(A0), port.x(A1))) {
            return answer(port, INVALID_PARAM, 0);
        }
        if (names(port.x(A0), port.x(A1))) {
            if (function == 0) {
                port.fenceI();
            } else {
                port.hfence();
            }
        }
        return answer(port, SUCCESS, 0);
    }

    private static After harts(HartPort port, long vmAt, int function) {
        long hart = port.x(A0);
        boolean exists = hart >= 0 && hart < VmStruct.VCPUS.get(port.physical(), vmAt);
        return switch (function) {
            case 0 -> answer(port, exists ? ALREADY_AVAILABLE : INVALID_PARAM, 0);
            // The only hart stops: nothing can start it again.
            case 1 -> ended(port, vmAt, 0);
            case 2 -> exists ? answer(port, SUCCESS, STARTED) : answer(port, INVALID_PARAM, 0);
            case 3 -> suspend(port, hart);
            default -> answer(port, NOT_SUPPORTED, 0);
        };
    }

    private static After suspend(HartPort port, long type) {
        if (type != 0) {
            return answer(port, NOT_SUPPORTED, 0);
        }
        answer(port, SUCCESS, 0);
        return Injection.wakes(port) ? After.GUEST : After.WAIT;
    }

    private static After reset(HartPort port, long vmAt) {
        long type = port.x(A0) & 0xFFFF_FFFFL;
        if (type >= RESET_TYPES) {
            return answer(port, INVALID_PARAM, 0);
        }
        // As the firmware of a bare machine: any reason but "none" is a failure.
        return ended(port, vmAt, (port.x(A1) & 0xFFFF_FFFFL) == 0 ? 0 : 1);
    }

    private static After console(HartPort port, VmmHost host, long vmAt, int function) {
        if (function == 2) {
            host.print(port, (int) port.x(A0) & 0xFF);
            return answer(port, SUCCESS, 0);
        }
        return function == 0 || function == 1
                ? transfer(port, host, vmAt, function)
                : answer(port, NOT_SUPPORTED, 0);
    }

    /** Moves bytes between guest memory and the host; {@code function} is DBCN's, or {@link #ERRORS}. */
    private static After transfer(HartPort port, VmmHost host, long vmAt, int function) {
        Memory memory = port.physical();
        long wanted = port.x(A0);
        long pa = port.x(A2) != 0 || wanted < 0 ? -1 : VmStruct.ramPa(memory, vmAt, port.x(A1), wanted);
        if (pa == -1) {
            return answer(port, INVALID_PARAM, 0);
        }
        // Part of what is wanted is a valid answer (sbi, DBCN); it bounds the length of an entry.
        int length = (int) Math.min(wanted, MAX_CONSOLE_BYTES);
        return answer(port, SUCCESS, switch (function) {
            case 0 -> host.print(port, pa, length);
            case ERRORS -> host.printError(port, pa, length);
            default -> read(port, host, pa, length);
        });
    }

    private static int read(HartPort port, VmmHost host, long pa, int length) {
        for (int done = 0; done < length; done++) {
            int octet = host.read(port);
            if (octet < 0) {
                return done;
            }
            port.physical().u8(pa + done, octet);
        }
        return length;
    }

    private static After ended(HartPort port, long vmAt, long code) {
        Memory memory = port.physical();
        VmStruct.EXIT_CODE.set(memory, vmAt, code);
        VmStruct.state(memory, vmAt, VmState.STOPPED);
        return After.ENDED;
    }

    private static After answer(HartPort port, int error, long value) {
        port.x(A0, error);
        port.x(A1, value);
        return After.GUEST;
    }

    /** Legacy calls return in a0 only (sbi, "Legacy Extensions"). */
    private static After legacy(HartPort port, long value) {
        port.x(A0, value);
        return After.GUEST;
    }
}
