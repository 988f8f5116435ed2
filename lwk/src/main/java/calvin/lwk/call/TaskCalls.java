package calvin.lwk.call;

import static calvin.lwk.abi.Errno.ECHILD;
import static calvin.lwk.abi.Errno.EFAULT;

import calvin.lwk.mm.UserMemory;
import calvin.lwk.sched.Scheduler;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.task.Tasks;
import calvin.lwk.task.Threads;
import calvin.machine.hosted.HartPort;

/** Calls about the life of the caller and where it runs. */
final class TaskCalls {
    private static final int EXIT_MASK = 0xFF;

    private TaskCalls() {}

    static long exit(HartPort port, long hartAt, long taskAt) {
        Threads.announceExit(port, taskAt);
        Tasks.exit(port.physical(), taskAt, port.x(10) & EXIT_MASK);
        return Handler.NO_RESULT;
    }

    static long exitGroup(HartPort port, long hartAt, long taskAt) {
        Tasks.exitAll(port, taskAt, port.x(10) & EXIT_MASK);
        return Handler.NO_RESULT;
    }

    static long setTidAddress(HartPort port, long hartAt, long taskAt) {
        TaskStruct.CLEAR_TID.set(port.physical(), taskAt, port.x(10));
        return TaskStruct.ID.get(port.physical(), taskAt);
    }

    static long schedYield(HartPort port, long hartAt, long taskAt) {
        Scheduler.mark(port.physical(), hartAt, Scheduler.YIELD);
        return 0;
    }

    static long getcpu(HartPort port, long hartAt, long taskAt) {
        long index = HartStruct.INDEX.get(port.physical(), hartAt);
        boolean good = port.x(10) == 0 || UserMemory.put(port, port.x(10), 4, index);
        return good && (port.x(11) == 0
                || UserMemory.put(port, port.x(11), 4, HartStruct.NUMA.get(port.physical(), hartAt)))
                        ? 0
                        : -EFAULT;
    }

    static long wait4(HartPort port, long hartAt, long taskAt) {
        return -ECHILD;
    }
}
