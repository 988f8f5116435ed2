package calvin.lwk.call;

import static calvin.lwk.abi.Errno.EAGAIN;
import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;

import calvin.lwk.mm.UserMemory;
import calvin.lwk.sched.Scheduler;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.task.Threads;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/** clone(2) and clone3(2) where they make threads. A process cannot be copied: there is one program to a job. */
final class CloneCalls {
    private static final long VM = 0x100;
    private static final long FS = 0x200;
    private static final long FILES = 0x400;
    private static final long SIGHAND = 0x800;
    private static final long THREAD = 0x1_0000;
    private static final long SYSVSEM = 0x4_0000;
    private static final long SETTLS = 0x8_0000;
    private static final long PARENT_SETTID = 0x10_0000;
    private static final long CHILD_CLEARTID = 0x20_0000;
    private static final long DETACHED = 0x40_0000;
    private static final long CHILD_SETTID = 0x100_0000;
    /** The signal at the end, which threads do not send. */
    private static final long EXIT_SIGNAL = 0xFF;
    /** What makes a thread; less than that is a process. */
    private static final long NEEDED = VM | FS | FILES | SIGHAND | THREAD;
    private static final long ALLOWED = NEEDED | SYSVSEM | SETTLS | PARENT_SETTID | CHILD_CLEARTID | DETACHED
            | CHILD_SETTID | EXIT_SIGNAL;
    private static final int TP = 4;
    /** CLONE_ARGS_SIZE_VER0 of struct clone_args, eight words. */
    private static final int CLONE_ARGS_BYTES = 64;
    private static final int PAGE_BYTES = 4096;

    private CloneCalls() {}

    /** x10 flags, x11 stack, x12 parent_tid, x13 tls, x14 child_tid (the order of CONFIG_CLONE_BACKWARDS). */
    static long clone(HartPort port, long hartAt, long taskAt) {
        return spawn(port, hartAt, taskAt, port.x(10), port.x(11), port.x(12), port.x(13), port.x(14));
    }

    /** Words: 0 flags, 1 pidfd, 2 child_tid, 3 parent_tid, 4 exit_signal, 5 stack, 6 stack_size, 7 tls. */
    static long clone3(HartPort port, long hartAt, long taskAt) {
        long va = port.x(10);
        if (port.x(11) < CLONE_ARGS_BYTES || port.x(11) > PAGE_BYTES) {
            return -EINVAL;
        }
        if (!UserMemory.accessible(port, va, CLONE_ARGS_BYTES, UserMemory.READ)) {
            return -EFAULT;
        }
        long flags = UserMemory.get(port, va, 8);
        if ((flags & (EXIT_SIGNAL | DETACHED)) != 0) {
            return -EINVAL;
        }
        long stack = UserMemory.get(port, va + 40, 8) + UserMemory.get(port, va + 48, 8);
        return spawn(port, hartAt, taskAt, flags, stack, UserMemory.get(port, va + 24, 8),
                UserMemory.get(port, va + 56, 8), UserMemory.get(port, va + 16, 8));
    }

    private static long spawn(HartPort port, long hartAt, long taskAt, long flags, long stackVa, long parentTidVa,
            long tls, long childTidVa) {
        if ((flags & THREAD) != 0 && (flags & SIGHAND) == 0 || (flags & SIGHAND) != 0 && (flags & VM) == 0) {
            return -EINVAL;
        }
        if ((flags & NEEDED) != NEEDED || (flags & ~ALLOWED) != 0) {
            return Call.missing(port, hartAt, taskAt);
        }
        long task = Threads.create(port, taskAt, stackVa);
        if (task == 0) {
            return -EAGAIN;
        }
        Memory memory = port.physical();
        long id = TaskStruct.ID.get(memory, task);
        if ((flags & SETTLS) != 0) {
            TaskStruct.X.set(memory, task, TP, tls);
        }
        if ((flags & CHILD_CLEARTID) != 0) {
            TaskStruct.CLEAR_TID.set(memory, task, childTidVa);
        }
        // As in Linux, a place that cannot be written does not make the call fail.
        if ((flags & PARENT_SETTID) != 0) {
            UserMemory.put(port, parentTidVa, 4, id);
        }
        if ((flags & CHILD_SETTID) != 0) {
            UserMemory.put(port, childTidVa, 4, id);
        }
        Scheduler.makeReady(port, task);
        return id;
    }
}
