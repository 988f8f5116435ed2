package calvin.lwk.call;

import static calvin.lwk.abi.Errno.EAGAIN;
import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINTR;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ENOMEM;
import static calvin.lwk.abi.Errno.EPERM;
import static calvin.lwk.abi.Errno.ESRCH;

import calvin.lwk.abi.Signal;
import calvin.lwk.mm.Aspace;
import calvin.lwk.mm.UserMemory;
import calvin.lwk.sched.Scheduler;
import calvin.lwk.state.ActionStruct;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.state.WaitKind;
import calvin.lwk.task.PendingSignals;
import calvin.lwk.task.SignalFrame;
import calvin.lwk.task.Signals;
import calvin.lwk.task.Tasks;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/** Sending signals, and saying what to do about them. */
final class SignalCalls {
    private static final int MASK_BYTES = 8;
    private static final int SIG_BLOCK = 0;
    private static final int SIG_UNBLOCK = 1;
    private static final int SIG_SETMASK = 2;
    private static final int SS_DISABLE = 2;
    private static final int SS_ONSTACK = 1;
    private static final int MIN_STACK_BYTES = 2048;

    private SignalCalls() {}

    static long kill(HartPort port, long hartAt, long taskAt) {
        long pid = (int) port.x(10);
        if (pid <= 0) {
            return -EPERM;
        }
        Memory memory = port.physical();
        long own = pid(memory, taskAt);
        if (pid != own && TaskStruct.UID.get(memory, taskAt) != 0) {
            return -EPERM;
        }
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        long aspace = Aspace.find(memory, kernel, pid);
        long signal = port.x(11);
        if (aspace == 0) {
            return -ESRCH;
        }
        if (signal < 0 || signal > ActionStruct.SIGNALS) {
            return -EINVAL;
        }
        if (signal != 0) {
            Signals.postToProgram(port, kernel, aspace, (int) signal, own);
        }
        return 0;
    }

    static long tkill(HartPort port, long hartAt, long taskAt) {
        return toTask(port, hartAt, taskAt, port.x(10), port.x(11));
    }

    static long tgkill(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long target = Tasks.find(memory, HartStruct.ROOT.get(memory, hartAt), (int) port.x(11));
        long aspace = target == 0 ? 0 : TaskStruct.ASPACE.get(memory, target);
        if (aspace == 0 || AspaceStruct.ID.get(memory, aspace) != (int) port.x(10)) {
            return (int) port.x(10) <= 0 || (int) port.x(11) <= 0 ? -EINVAL : -ESRCH;
        }
        return toTask(port, hartAt, taskAt, port.x(11), port.x(12));
    }

    private static long toTask(HartPort port, long hartAt, long taskAt, long id, long signal) {
        Memory memory = port.physical();
        long target = (int) id <= 0 ? 0 : Tasks.find(memory, HartStruct.ROOT.get(memory, hartAt), (int) id);
        if (target == 0 || TaskStruct.KIND.get(memory, target) != TaskStruct.KIND_USER) {
            return -ESRCH;
        }
        boolean own = TaskStruct.ASPACE.get(memory, target) == TaskStruct.ASPACE.get(memory, taskAt);
        return own || TaskStruct.UID.get(memory, taskAt) == 0
                ? send(port, target, signal, pid(memory, taskAt))
                : -EPERM;
    }

    private static long pid(Memory memory, long taskAt) {
        return AspaceStruct.ID.get(memory, TaskStruct.ASPACE.get(memory, taskAt));
    }

    private static long send(HartPort port, long targetAt, long signal, long pid) {
        if (signal < 0 || signal > ActionStruct.SIGNALS) {
            return -EINVAL;
        }
        if (signal != 0) {
            Signals.post(port, targetAt, (int) signal, pid | PendingSignals.BY_TGKILL);
        }
        return 0;
    }

    static long sigaction(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long signal = (int) port.x(10);
        if (signal < 1 || signal > ActionStruct.SIGNALS || port.x(13) != MASK_BYTES) {
            return -EINVAL;
        }
        long action = Signals.action(memory, TaskStruct.ASPACE.get(memory, taskAt), (int) signal);
        byte[] before = new byte[ActionStruct.S.sizeBytes()];
        byte[] after = new byte[before.length];
        memory.read(action, before, 0, before.length);
        boolean sets = port.x(11) != 0;
        if (sets && (Signals.bit((int) signal) & Signals.unblockable()) != 0) {
            return -EINVAL;
        }
        if (sets && !port.copyFromUser(port.x(11), after, 0, after.length)
                || port.x(12) != 0 && !port.copyToUser(port.x(12), before, 0, before.length)) {
            return -EFAULT;
        }
        if (sets) {
            memory.write(action, after, 0, after.length);
        }
        return 0;
    }

    static long sigprocmask(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long mask = TaskStruct.SIGNAL_MASK.get(memory, taskAt);
        long setVa = port.x(11);
        if (port.x(13) != MASK_BYTES) {
            return -EINVAL;
        }
        long wanted = mask;
        if (setVa != 0) {
            if (!UserMemory.accessible(port, setVa, MASK_BYTES, UserMemory.READ)) {
                return -EFAULT;
            }
            long set = UserMemory.get(port, setVa, MASK_BYTES);
            switch ((int) port.x(10)) {
                case SIG_BLOCK -> wanted = mask | set;
                case SIG_UNBLOCK -> wanted = mask & ~set;
                case SIG_SETMASK -> wanted = set;
                default -> {
                    return -EINVAL;
                }
            }
        }
        if (port.x(12) != 0 && !UserMemory.put64(port, port.x(12), mask)) {
            return -EFAULT;
        }
        TaskStruct.SIGNAL_MASK.set(memory, taskAt, wanted & ~Signals.unblockable());
        recheck(memory, hartAt, taskAt);
        return 0;
    }

    static long sigpending(HartPort port, long hartAt, long taskAt) {
        return UserMemory.put64(port, port.x(10), PendingSignals.of(port.physical(), taskAt)) ? 0 : -EFAULT;
    }

    /** Waits for a signal that the mask at x10 does not block; its handler returns to the mask there was before. */
    static long sigsuspend(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        if (port.x(11) != MASK_BYTES) {
            return -EINVAL;
        }
        if (!UserMemory.accessible(port, port.x(10), MASK_BYTES, UserMemory.READ)) {
            return -EFAULT;
        }
        long wanted = UserMemory.get(port, port.x(10), MASK_BYTES) & ~Signals.unblockable();
        TaskStruct.SAVED_MASK.set(memory, taskAt, TaskStruct.SIGNAL_MASK.get(memory, taskAt));
        TaskStruct.SUSPENDED.set(memory, taskAt, 1);
        TaskStruct.SIGNAL_MASK.set(memory, taskAt, wanted);
        if (Signals.deliverable(memory, taskAt)) {
            recheck(memory, hartAt, taskAt);
            return -EINTR;
        }
        Scheduler.block(memory, taskAt, WaitKind.SLEEP, 0);
        return Handler.NO_RESULT;
    }

    /** Takes a pending signal of the set at x10, or waits for one, at most as long as the timespec at x12 says. */
    static long sigtimedwait(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long infoVa = port.x(11);
        if (port.x(13) != MASK_BYTES) {
            return -EINVAL;
        }
        if (!UserMemory.accessible(port, port.x(10), MASK_BYTES, UserMemory.READ)
                || infoVa != 0 && !UserMemory.accessible(port, infoVa, PendingSignals.INFO_BYTES, UserMemory.WRITE)) {
            return -EFAULT;
        }
        long set = UserMemory.get(port, port.x(10), MASK_BYTES) & ~Signals.unblockable();
        long ready = PendingSignals.of(memory, taskAt) & set;
        if (ready != 0) {
            int signal = Long.numberOfTrailingZeros(ready) + 1;
            long sender = PendingSignals.take(memory, taskAt, signal);
            PendingSignals.writeInfo(memory, TaskStruct.ASPACE.get(memory, taskAt), infoVa, signal, sender);
            return signal;
        }
        long wake = port.x(12) == 0 ? TaskStruct.NEVER : Clock.deadline(port, taskAt, port.x(12), false, false);
        if (port.x(12) != 0 && (wake < 0 || wake <= port.time())) {
            return wake < 0 ? wake : -EAGAIN;
        }
        TaskStruct.WAIT_BITS.set(memory, taskAt, set);
        Scheduler.blockUntil(memory, taskAt, WaitKind.SIGNAL, infoVa, wake);
        return Handler.NO_RESULT;
    }

    static long sigreturn(HartPort port, long hartAt, long taskAt) {
        if (!SignalFrame.pop(port, taskAt)) {
            Signals.fault(port, taskAt, Signal.SIGSEGV.number, 1, port.x(2),
                    "the stack has no frame to return from a signal handler");
            return Handler.NO_RESULT;
        }
        recheck(port.physical(), hartAt, taskAt);
        return Handler.NO_RESULT;
    }

    static long sigaltstack(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long newVa = port.x(10);
        long oldVa = port.x(11);
        long stackVa = TaskStruct.STACK_VA.get(memory, taskAt);
        long bytes = TaskStruct.STACK_BYTES.get(memory, taskAt);
        boolean on = Long.compareUnsigned(port.x(2) - stackVa, bytes) < 0;
        long wantedVa = 0;
        long wantedBytes = 0;
        if (newVa != 0) {
            if (!UserMemory.accessible(port, newVa, 24, UserMemory.READ)) {
                return -EFAULT;
            }
            if (on) {
                return -EPERM;
            }
            if ((UserMemory.get(port, newVa + 8, 4) & SS_DISABLE) == 0) {
                wantedVa = UserMemory.get(port, newVa, 8);
                wantedBytes = UserMemory.get(port, newVa + 16, 8);
                if (wantedBytes < MIN_STACK_BYTES) {
                    return -ENOMEM;
                }
            }
        }
        long flags = bytes == 0 ? SS_DISABLE : on ? SS_ONSTACK : 0;
        if (oldVa != 0
                && !(UserMemory.putPair(port, oldVa, stackVa, flags) && UserMemory.put64(port, oldVa + 16, bytes))) {
            return -EFAULT;
        }
        if (newVa != 0) {
            TaskStruct.STACK_VA.set(memory, taskAt, wantedVa);
            TaskStruct.STACK_BYTES.set(memory, taskAt, wantedBytes);
        }
        return 0;
    }

    /** A signal that waited may have become deliverable. */
    private static void recheck(Memory memory, long hartAt, long taskAt) {
        if (PendingSignals.of(memory, taskAt) != 0) {
            Scheduler.mark(memory, hartAt, Scheduler.LOOK);
        }
    }
}
