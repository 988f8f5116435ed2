package calvin.lwk.call;

import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ESRCH;

import calvin.lwk.mm.UserMemory;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.task.Tasks;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/**
 * sched_getaffinity(2) and sched_setaffinity(2). What a program learns is on which harts its threads may come to run,
 * since libraries count them to decide how many threads to make.
 */
final class AffinityCalls {
    private static final int WORD_BITS = 64;

    private AffinityCalls() {}

    private static long target(HartPort port, long hartAt, long taskAt) {
        long id = (int) port.x(10);
        return id == 0 ? taskAt : Tasks.find(port.physical(), HartStruct.ROOT.get(port.physical(), hartAt), id);
    }

    static long get(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        if (target(port, hartAt, taskAt) == 0) {
            return -ESRCH;
        }
        long harts = KernelState.HART_COUNT.get(memory, HartStruct.ROOT.get(memory, hartAt));
        long bytes = port.x(11);
        long words = (harts + WORD_BITS - 1) / WORD_BITS;
        if (bytes < 8 * words || (bytes & 7) != 0) {
            return -EINVAL;
        }
        for (long i = 0; i < words; i++) {
            long left = harts - i * WORD_BITS;
            long mask = left >= WORD_BITS ? -1 : (1L << left) - 1;
            if (!UserMemory.put64(port, port.x(12) + 8 * i, mask)) {
                return -EFAULT;
            }
        }
        return 8 * words;
    }

    /** Tasks do not move, so a mask without the hart that the task is on cannot be granted. */
    static long set(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long target = target(port, hartAt, taskAt);
        if (target == 0) {
            return -ESRCH;
        }
        long index = HartStruct.INDEX.get(memory, TaskStruct.HART.get(memory, target));
        long at = port.x(12) + index / 8;
        if (index / 8 >= port.x(11)) {
            return -EINVAL;
        }
        if (!UserMemory.accessible(port, at, 1, UserMemory.READ)) {
            return -EFAULT;
        }
        return (UserMemory.get(port, at, 1) >>> index % 8 & 1) != 0 ? 0 : -EINVAL;
    }
}
