package calvin.lwk.call;

import static calvin.lwk.abi.Errno.ECHILD;
import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ESRCH;

import calvin.lwk.mm.UserMemory;
import calvin.lwk.sched.Scheduler;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.task.Futex;
import calvin.lwk.task.Tasks;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/** Calls about the life of the caller and where it runs. */
final class TaskCalls {
    private static final int EXIT_MASK = 0xFF;
    private static final int WORD_BITS = 64;

    private TaskCalls() {}

    static long exit(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long clear = TaskStruct.CLEAR_TID.get(memory, taskAt);
        if (clear != 0 && AspaceStruct.TASKS.get(memory, TaskStruct.ASPACE.get(memory, taskAt)) > 1
                && UserMemory.put(port, clear, 4, 0)) {
            Futex.wake(port, HartStruct.ROOT.get(memory, hartAt), port.translateUser(clear, UserMemory.WRITE), 1, -1);
        }
        Tasks.exit(memory, taskAt, port.x(10) & EXIT_MASK);
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

    static long schedGetaffinity(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long pid = (int) port.x(10);
        long bytes = port.x(11);
        long target = pid == 0 ? taskAt : Tasks.find(memory, HartStruct.ROOT.get(memory, hartAt), pid);
        if (target == 0) {
            return -ESRCH;
        }
        long index = HartStruct.INDEX.get(memory, TaskStruct.HART.get(memory, target));
        long words = index / WORD_BITS + 1;
        if (bytes < 8 * words || (bytes & 7) != 0) {
            return -EINVAL;
        }
        for (long i = 0; i < words; i++) {
            if (!UserMemory.put64(port, port.x(12) + 8 * i, i == words - 1 ? 1L << index : 0)) {
                return -EFAULT;
            }
        }
        return 8 * words;
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
