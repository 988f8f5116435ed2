package calvin.lwk.call;

import static calvin.lwk.abi.Errno.EAGAIN;
import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ENOSYS;
import static calvin.lwk.abi.Errno.ESRCH;

import calvin.lwk.mm.UserMemory;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.task.Futex;
import calvin.machine.hosted.HartPort;

/** futex(2) and the list of robust ones. */
final class FutexCalls {
    private static final int WAIT = 0;
    private static final int WAKE = 1;
    private static final int REQUEUE = 3;
    private static final int CMP_REQUEUE = 4;
    private static final int WAIT_BITSET = 9;
    private static final int WAKE_BITSET = 10;
    private static final int CLOCK_REALTIME_FLAG = 256;
    private static final int OPERATION = 0x7F;
    private static final long ALL_BITS = 0xFFFF_FFFFL;
    private static final int ROBUST_HEAD_BYTES = 24;

    private FutexCalls() {}

    static long futex(HartPort port, long hartAt, long taskAt) {
        long va = port.x(10);
        long operation = port.x(11);
        if ((va & 3) != 0) {
            return -EINVAL;
        }
        long word = port.translateUser(va, UserMemory.READ);
        if (word == -1) {
            return -EFAULT;
        }
        long kernel = HartStruct.ROOT.get(port.physical(), hartAt);
        long most = (int) port.x(12);
        return switch ((int) operation & OPERATION) {
            case WAIT -> await(port, taskAt, word, ALL_BITS, false, operation);
            case WAIT_BITSET -> await(port, taskAt, word, port.x(15) & ALL_BITS, true, operation);
            case WAKE -> Futex.wake(port, kernel, word, Math.max(1, most), ALL_BITS);
            case WAKE_BITSET -> (port.x(15) & ALL_BITS) == 0
                    ? -EINVAL
                    : Futex.wake(port, kernel, word, Math.max(1, most), port.x(15) & ALL_BITS);
            case REQUEUE -> requeue(port, kernel, word, most);
            case CMP_REQUEUE ->
                    port.physical().u32(word) == (port.x(15) & ALL_BITS) ? requeue(port, kernel, word, most) : -EAGAIN;
            default -> -ENOSYS;
        };
    }

    /** WAIT has a relative time, WAIT_BITSET an absolute one (futex(2)). */
    private static long await(HartPort port, long taskAt, long word, long bits, boolean absolute, long operation) {
        long wake = TaskStruct.NEVER;
        if (bits == 0) {
            return -EINVAL;
        }
        if (port.x(13) != 0) {
            boolean realtime = (operation & CLOCK_REALTIME_FLAG) != 0;
            wake = Clock.deadline(port, taskAt, port.x(13), absolute, realtime);
            if (wake < 0) {
                return wake;
            }
        }
        long error = Futex.await(port.physical(), taskAt, word, port.x(12), bits, wake);
        return error == 0 ? Handler.NO_RESULT : error;
    }

    private static long requeue(HartPort port, long kernelAt, long word, long most) {
        long other = port.translateUser(port.x(14), UserMemory.READ);
        if (other == -1) {
            return -EFAULT;
        }
        long woken = Futex.wake(port, kernelAt, word, most, ALL_BITS);
        return woken + Futex.requeue(port.physical(), kernelAt, word, (int) port.x(13), other);
    }

    static long setRobustList(HartPort port, long hartAt, long taskAt) {
        if (port.x(11) != ROBUST_HEAD_BYTES) {
            return -EINVAL;
        }
        TaskStruct.ROBUST_LIST.set(port.physical(), taskAt, port.x(10));
        return 0;
    }

    static long getRobustList(HartPort port, long hartAt, long taskAt) {
        if (port.x(10) != 0 && port.x(10) != TaskStruct.ID.get(port.physical(), taskAt)) {
            return -ESRCH;
        }
        boolean good = UserMemory.put64(port, port.x(11), TaskStruct.ROBUST_LIST.get(port.physical(), taskAt))
                && UserMemory.put64(port, port.x(12), ROBUST_HEAD_BYTES);
        return good ? 0 : -EFAULT;
    }
}
