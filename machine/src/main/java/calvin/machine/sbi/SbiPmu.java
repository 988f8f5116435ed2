package calvin.machine.sbi;

import static calvin.machine.sbi.FirmwareHartStruct.*;
import static calvin.machine.sbi.SbiError.ALREADY_STARTED;
import static calvin.machine.sbi.SbiError.ALREADY_STOPPED;
import static calvin.machine.sbi.SbiError.INVALID_PARAMETER;
import static calvin.machine.sbi.SbiError.NOT_SUPPORTED;
import static calvin.machine.sbi.SbiError.SUCCESS;
import static calvin.machine.sbi.SbiError.error;
import static calvin.machine.sbi.SbiError.result;
import static calvin.machine.sbi.SbiFirmware.A0;
import static calvin.machine.sbi.SbiFirmware.A1;
import static calvin.machine.sbi.SbiFirmware.A2;
import static calvin.machine.sbi.SbiFirmware.A3;

import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.Resume;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/**
 * Performance counters (sbi 11). Counter 0 is cycle, 2 is instret, 3 to 18 count what the firmware does; 1 does not
 * exist. Firmware counters of events that never happen here (emulated accesses and instructions) stay 0.
 *
 * <p>Left out: snapshots in shared memory and the events of programmable hardware counters: a kernel that looks for
 * them is told that they are not supported.
 */
final class SbiPmu {
    private static final int CYCLE = 0;
    private static final int TIME = 1;
    private static final int INSTRET = 2;
    private static final int FIRST_OWN = 3;
    private static final int END = FIRST_OWN + COUNTERS;

    /** Type 0 of events, by code. */
    private static final long EVENT_CYCLES = 1;
    private static final long EVENT_INSTRUCTIONS = 2;
    private static final long FIRMWARE_EVENTS = 0xF_0000;
    private static final int LAST_FIRMWARE_EVENT = 21;

    static final int SET_TIMER = 5;
    static final int IPI_SENT = 6;
    private static final int IPI_RECEIVED = 7;
    private static final int FENCE_I_SENT = 8;
    private static final int SFENCE_SENT = 10;
    /** By RFENCE's functions 3 to 6: GVMA of a VMID, GVMA, VVMA of an ASID, VVMA. */
    private static final int[] HFENCE_SENT = {16, 14, 20, 18};

    private static final int SKIP_MATCH = 1;
    private static final int CLEAR_VALUE = 2;
    private static final int AUTO_START = 4;
    private static final int SET_INITIAL_VALUE = 1;
    private static final int INITIAL_SNAPSHOT = 2;
    private static final int RESET = 1;
    private static final int TAKE_SNAPSHOT = 2;

    /** counter_info: number of the CSR, width - 1 in bits 17..12; or the highest bit for one of the firmware. */
    private static final long WIDTH_64 = 63L << 12;
    private static final long OWN = 1L << 63;

    private SbiPmu() {}

    /** The event that a call of RFENCE's function is; one more is what its target counts. */
    static int fenceEvent(int function) {
        return switch (function) {
            case 0 -> FENCE_I_SENT;
            case 1, 2 -> SFENCE_SENT + 2 * (function - 1);
            default -> HFENCE_SENT[function - 3];
        };
    }

    /** Counts an event of the firmware at the hart whose struct is at {@code at}. */
    static void count(Memory memory, long at, int event) {
        long running = RUNNING.get(memory, at);
        for (; running != 0; running &= running - 1) {
            int own = Long.numberOfTrailingZeros(running) - FIRST_OWN;
            if (EVENT.get(memory, at, own) == event) {
                VALUE.set(memory, at, own, VALUE.get(memory, at, own) + 1);
            }
        }
    }

    /** Counts what other harts have asked for. */
    static void received(Memory memory, long at, long requests) {
        if (RUNNING.get(memory, at) == 0) {
            return;
        }
        if ((requests & INTERRUPT) != 0) {
            count(memory, at, IPI_RECEIVED);
        }
        for (int function = 0; function <= 6; function++) {
            if ((requests & FENCE << function) != 0) {
                count(memory, at, fenceEvent(function) + 1);
            }
        }
    }

    static Resume call(HartPort port, long root, int function) {
        long at = FirmwareStruct.hartAt(root, port.hartId());
        return switch (function) {
            case 0 -> result(port, SUCCESS, END);
            case 1 -> info(port, port.x(A0));
            case 2 -> configure(port, at);
            case 3 -> forEach(port, at, true);
            case 4 -> forEach(port, at, false);
            case 5 -> own(port.x(A0))
                    ? result(port, SUCCESS, VALUE.get(port.physical(), at, (int) port.x(A0) - FIRST_OWN))
                    : error(port, INVALID_PARAMETER);
            // The upper half, which there is for RV32 only.
            case 6 -> own(port.x(A0)) ? result(port, SUCCESS, 0) : error(port, INVALID_PARAMETER);
            default -> error(port, NOT_SUPPORTED);
        };
    }

    private static boolean exists(long counter) {
        return counter >= 0 && counter < END && counter != TIME;
    }

    private static boolean own(long counter) {
        return counter >= FIRST_OWN && counter < END;
    }

    private static Resume info(HartPort port, long counter) {
        if (!exists(counter)) {
            return error(port, INVALID_PARAMETER);
        }
        return result(port, SUCCESS, own(counter) ? OWN : Csr.CYCLE.number + counter | WIDTH_64);
    }

    /** The counters that a0 (base) and a1 (mask) name, as a bit set; 0 when one of them cannot be. */
    private static long counters(HartPort port) {
        long base = port.x(A0);
        long mask = port.x(A1);
        if (base < 0 || base >= END || mask == 0 || Long.numberOfLeadingZeros(mask) < base) {
            return 0;
        }
        long set = mask << base;
        return (set & -1L << END) == 0 ? set : 0;
    }

    private static Resume configure(HartPort port, long at) {
        Memory memory = port.physical();
        long set = counters(port);
        long flags = port.x(A2);
        if (set == 0) {
            return error(port, INVALID_PARAMETER);
        }
        int counter = Long.numberOfTrailingZeros(set);
        if ((flags & SKIP_MATCH) != 0) {
            if ((COUNTING.get(memory, at) & 1L << counter) == 0) {
                return error(port, INVALID_PARAMETER);
            }
        } else {
            counter = match(set & ~COUNTING.get(memory, at), port.x(A3));
            if (counter < 0) {
                return error(port, NOT_SUPPORTED);
            }
            if (own(counter)) {
                EVENT.set(memory, at, counter - FIRST_OWN, port.x(A3) & 0xFFFF);
            }
            COUNTING.set(memory, at, COUNTING.get(memory, at) | 1L << counter);
        }
        if ((flags & CLEAR_VALUE) != 0) {
            value(port, at, counter, 0);
        }
        if ((flags & AUTO_START) != 0) {
            run(port, at, counter, true);
        }
        return result(port, SUCCESS, counter);
    }

    /** The free counter of a set that can count an event, or -1. */
    private static int match(long free, long event) {
        if (event == EVENT_CYCLES || event == EVENT_INSTRUCTIONS) {
            int counter = event == EVENT_CYCLES ? CYCLE : INSTRET;
            return (free & 1L << counter) != 0 ? counter : -1;
        }
        boolean known = (event & ~0xFFFFL) == FIRMWARE_EVENTS && (event & 0xFFFF) <= LAST_FIRMWARE_EVENT;
        long own = free & -1L << FIRST_OWN;
        return known && own != 0 ? Long.numberOfTrailingZeros(own) : -1;
    }

    private static Resume forEach(HartPort port, long at, boolean start) {
        long set = counters(port);
        long flags = port.x(A2);
        if (set == 0) {
            return error(port, INVALID_PARAMETER);
        }
        if ((flags & (start ? INITIAL_SNAPSHOT : TAKE_SNAPSHOT)) != 0) {
            return error(port, NOT_SUPPORTED);
        }
        int error = SUCCESS;
        for (long rest = set; rest != 0; rest &= rest - 1) {
            int counter = Long.numberOfTrailingZeros(rest);
            if (!exists(counter)) {
                continue;
            }
            if (running(port, at, counter) == start) {
                error = start ? ALREADY_STARTED : ALREADY_STOPPED;
            } else {
                if (start && (flags & SET_INITIAL_VALUE) != 0) {
                    value(port, at, counter, port.x(A3));
                }
                run(port, at, counter, start);
            }
            if (!start && (flags & RESET) != 0) {
                COUNTING.set(port.physical(), at, COUNTING.get(port.physical(), at) & ~(1L << counter));
            }
        }
        return error(port, error);
    }

    private static boolean running(HartPort port, long at, int counter) {
        return own(counter)
                ? (RUNNING.get(port.physical(), at) & 1L << counter) != 0
                : (port.csr(Csr.MCOUNTINHIBIT.number) & 1L << counter) == 0;
    }

    private static void run(HartPort port, long at, int counter, boolean on) {
        long bit = 1L << counter;
        if (own(counter)) {
            long running = RUNNING.get(port.physical(), at);
            RUNNING.set(port.physical(), at, on ? running | bit : running & ~bit);
        } else {
            long inhibited = port.csr(Csr.MCOUNTINHIBIT.number);
            port.csr(Csr.MCOUNTINHIBIT.number, on ? inhibited & ~bit : inhibited | bit);
        }
    }

    private static void value(HartPort port, long at, int counter, long value) {
        if (own(counter)) {
            VALUE.set(port.physical(), at, counter - FIRST_OWN, value);
        } else {
            port.csr(counter == CYCLE ? Csr.MCYCLE.number : Csr.MINSTRET.number, value);
        }
    }
}
