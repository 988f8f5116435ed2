package calvin.lwk.call;

import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;

import calvin.lwk.abi.BootParams;
import calvin.lwk.mm.UserMemory;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.TaskStruct;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/** Ticks of the time CSR, seconds and nanoseconds. Rounded down when read, up when waited for. */
final class Clock {
    static final long NS_PER_S = 1_000_000_000L;
    /** Longer waits are as good as for ever, and ticks do not overflow. */
    private static final long MAX_SECONDS = 1L << 32;

    private Clock() {}

    static long hz(Memory memory, long kernelAt) {
        return Math.max(1, KernelState.TIMEBASE_HZ.get(memory, kernelAt));
    }

    static long seconds(long ticks, long hz) {
        return ticks / hz;
    }

    /** Nanoseconds within the second; exact for timebases up to 9 GHz. */
    static long nanoseconds(long ticks, long hz) {
        return ticks % hz * NS_PER_S / hz;
    }

    static long epoch(Memory memory, long kernelAt) {
        return BootParams.EPOCH.get(memory, KernelState.PARAMS.get(memory, kernelAt));
    }

    /**
     * The time CSR at which a wait for the timespec at {@code va} ends, or -EFAULT, -EINVAL.
     *
     * @param absolute the timespec is a time of a clock, not a duration
     * @param realtime that clock is CLOCK_REALTIME
     */
    static long deadline(HartPort port, long taskAt, long va, boolean absolute, boolean realtime) {
        if (!UserMemory.accessible(port, va, 16, UserMemory.READ)) {
            return -EFAULT;
        }
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, TaskStruct.HART.get(memory, taskAt));
        long seconds = UserMemory.get(port, va, 8);
        long nanoseconds = UserMemory.get(port, va + 8, 8);
        if (seconds < 0 || nanoseconds < 0 || nanoseconds >= NS_PER_S) {
            return -EINVAL;
        }
        long hz = hz(memory, kernel);
        if (absolute && realtime) {
            seconds = Math.max(0, seconds - epoch(memory, kernel));
        }
        long ticks = Math.min(seconds, MAX_SECONDS) * hz + (nanoseconds * hz + NS_PER_S - 1) / NS_PER_S;
        return absolute ? ticks : port.time() + ticks;
    }
}
