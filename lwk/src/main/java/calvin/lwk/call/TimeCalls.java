package calvin.lwk.call;

import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;

import calvin.lwk.mm.UserMemory;
import calvin.lwk.sched.Scheduler;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.state.WaitKind;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/** Clocks and sleeping, in virtual time. */
final class TimeCalls {
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_PROCESS_CPUTIME = 2;
    private static final int CLOCK_THREAD_CPUTIME = 3;
    private static final int CLOCK_REALTIME_COARSE = 5;
    private static final int CLOCK_TAI = 11;
    private static final int TIMER_ABSTIME = 1;
    private static final int CLOCK_TICKS = 100;
    private static final int RUSAGE_BYTES = 144;

    private TimeCalls() {}

    static long clockGettime(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        int clock = (int) port.x(10);
        if (!isClock(clock)) {
            return -EINVAL;
        }
        long hz = Clock.hz(memory, kernel);
        long ticks = clock == CLOCK_PROCESS_CPUTIME || clock == CLOCK_THREAD_CPUTIME
                ? runTicks(port, taskAt)
                : port.time();
        long seconds = Clock.seconds(ticks, hz) + (isReal(clock) ? Clock.epoch(memory, kernel) : 0);
        return UserMemory.putPair(port, port.x(11), seconds, Clock.nanoseconds(ticks, hz)) ? 0 : -EFAULT;
    }

    static long clockGetres(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        if (!isClock((int) port.x(10))) {
            return -EINVAL;
        }
        long hz = Clock.hz(memory, HartStruct.ROOT.get(memory, hartAt));
        return port.x(11) == 0 || UserMemory.putPair(port, port.x(11), 0, Math.max(1, Clock.NS_PER_S / hz))
                ? 0
                : -EFAULT;
    }

    static long gettimeofday(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        long hz = Clock.hz(memory, kernel);
        long ticks = port.time();
        long seconds = Clock.seconds(ticks, hz) + Clock.epoch(memory, kernel);
        boolean good = port.x(10) == 0
                || UserMemory.putPair(port, port.x(10), seconds, Clock.nanoseconds(ticks, hz) / 1000);
        return good && (port.x(11) == 0 || UserMemory.put64(port, port.x(11), 0)) ? 0 : -EFAULT;
    }

    static long nanosleep(HartPort port, long hartAt, long taskAt) {
        return sleep(port, taskAt, port.x(10), false, false);
    }

    static long clockNanosleep(HartPort port, long hartAt, long taskAt) {
        int clock = (int) port.x(10);
        if (!isClock(clock) || clock == CLOCK_THREAD_CPUTIME || clock == CLOCK_PROCESS_CPUTIME) {
            return -EINVAL;
        }
        return sleep(port, taskAt, port.x(12), (port.x(11) & TIMER_ABSTIME) != 0, isReal(clock));
    }

    private static long sleep(HartPort port, long taskAt, long va, boolean absolute, boolean realtime) {
        long wake = Clock.deadline(port, taskAt, va, absolute, realtime);
        if (wake < 0) {
            return wake;
        }
        if (wake <= port.time()) {
            return 0;
        }
        Scheduler.blockUntil(port.physical(), taskAt, WaitKind.SLEEP, 0, wake);
        return Handler.NO_RESULT;
    }

    static long times(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long hz = Clock.hz(memory, HartStruct.ROOT.get(memory, hartAt));
        long va = port.x(10);
        if (va != 0 && !(UserMemory.putPair(port, va, ticksToClock(runTicks(port, taskAt), hz), 0)
                && UserMemory.putPair(port, va + 16, 0, 0))) {
            return -EFAULT;
        }
        return ticksToClock(port.time(), hz);
    }

    static long getrusage(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long hz = Clock.hz(memory, HartStruct.ROOT.get(memory, hartAt));
        long ticks = runTicks(port, taskAt);
        byte[] usage = new byte[RUSAGE_BYTES];
        return port.copyToUser(port.x(11), usage, 0, RUSAGE_BYTES)
                && UserMemory.putPair(port, port.x(11), Clock.seconds(ticks, hz), Clock.nanoseconds(ticks, hz) / 1000)
                        ? 0
                        : -EFAULT;
    }

    /** Time the task was on its hart so far. */
    static long runTicks(HartPort port, long taskAt) {
        Memory memory = port.physical();
        return TaskStruct.RUN_TICKS.get(memory, taskAt) + port.time() - TaskStruct.LAST_IN.get(memory, taskAt);
    }

    private static long ticksToClock(long ticks, long hz) {
        return ticks / Math.max(1, hz / CLOCK_TICKS);
    }

    private static boolean isClock(int clock) {
        return clock >= CLOCK_REALTIME && clock <= CLOCK_TAI;
    }

    private static boolean isReal(int clock) {
        return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock >= 8 && clock != 9;
    }
}
