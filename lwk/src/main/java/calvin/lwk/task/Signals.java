package calvin.lwk.task;

import static calvin.lwk.abi.Errno.EINTR;

import calvin.lwk.abi.Sbi;
import calvin.lwk.abi.Signal;
import calvin.lwk.drv.Console;
import calvin.lwk.sched.Scheduler;
import calvin.lwk.state.ActionStruct;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.TaskState;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.state.WaitKind;
import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/** Signals: what is pending, what a program wants done, and how it ends if it wants nothing. */
public final class Signals {
    public static final long SIG_DFL = 0;
    public static final long SIG_IGN = 1;
    private static final long SA_NODEFER = 0x4000_0000L;
    private static final long SA_RESETHAND = 0x8000_0000L;
    private static final int SSCRATCH = Csr.SSCRATCH.number;

    private Signals() {}

    public static long bit(int signal) {
        return 1L << signal - 1;
    }

    /** SIGKILL and SIGSTOP, which nobody can block, ignore or catch. */
    public static long unblockable() {
        return bit(Signal.SIGKILL.number) | bit(Signal.SIGSTOP.number);
    }

    /** Address of the action of an address space on a signal. */
    public static long action(Memory memory, long aspaceAt, int signal) {
        return AspaceStruct.ACTIONS.get(memory, aspaceAt) + (long) signal * ActionStruct.S.sizeBytes();
    }

    /**
     * Makes a signal pending; a task that waits for something interruptible returns -EINTR. One that waits for this
     * signal has it as its result, and one that is to be ignored is forgotten.
     *
     * @param sender as {@link PendingSignals} says
     */
    public static void post(HartPort port, long taskAt, int signal, long sender) {
        Memory memory = port.physical();
        if (waitsFor(memory, taskAt, signal)) {
            long infoVa = TaskStruct.WAIT_KEY.get(memory, taskAt);
            PendingSignals.writeInfo(memory, TaskStruct.ASPACE.get(memory, taskAt), infoVa, signal, sender);
            Scheduler.result(port, taskAt, signal);
            Scheduler.wake(port, taskAt);
            return;
        }
        if (!blocks(memory, taskAt, signal) && ignored(memory, TaskStruct.ASPACE.get(memory, taskAt), signal)) {
            return;
        }
        PendingSignals.add(memory, taskAt, signal, sender);
        long hart = TaskStruct.HART.get(memory, taskAt);
        if (!deliverable(memory, taskAt)) {
            return;
        }
        if (TaskStruct.STATE.get(memory, taskAt) == TaskState.INTERRUPTIBLE.code) {
            WaitKind kind = WaitKind.of(TaskStruct.WAIT_KIND.get(memory, taskAt));
            if (kind == WaitKind.SLEEP || kind == WaitKind.FUTEX || kind == WaitKind.SIGNAL) {
                Scheduler.result(port, taskAt, -EINTR);
            }
            Scheduler.wake(port, taskAt);
        } else {
            Scheduler.mark(memory, hart, Scheduler.LOOK);
            if (hart != port.csr(SSCRATCH)) {
                port.ecall(Sbi.IPI, 0, 1, HartStruct.HART_ID.get(memory, hart), 0, 0);
            }
        }
    }

    /** As {@link #post} for whichever task of an address space takes the signal: the first that does not block it. */
    public static void postToProgram(HartPort port, long kernelAt, long aspaceAt, int signal, long sender) {
        Memory memory = port.physical();
        long chosen = 0;
        long at = KernelState.TASKS.get(memory, kernelAt);
        for (int i = 0; at != 0 && i < KernelState.LIST_BOUND; i++) {
            if (TaskStruct.ASPACE.get(memory, at) == aspaceAt
                    && (waitsFor(memory, at, signal) || chosen == 0 && !blocks(memory, at, signal))) {
                chosen = at;
            }
            at = TaskStruct.NEXT.get(memory, at);
        }
        if (chosen == 0) {
            PendingSignals.addShared(memory, aspaceAt, signal, sender);
        } else {
            post(port, chosen, signal, sender);
        }
    }

    private static boolean waitsFor(Memory memory, long taskAt, int signal) {
        return TaskStruct.WAIT_KIND.get(memory, taskAt) == WaitKind.SIGNAL.code
                && (TaskStruct.WAIT_BITS.get(memory, taskAt) & bit(signal)) != 0;
    }

    private static boolean blocks(Memory memory, long taskAt, int signal) {
        return (TaskStruct.SIGNAL_MASK.get(memory, taskAt) & bit(signal)) != 0;
    }

    private static boolean ignored(Memory memory, long aspaceAt, int signal) {
        long handler = ActionStruct.HANDLER.get(memory, action(memory, aspaceAt, signal));
        return handler == SIG_IGN || handler == SIG_DFL && !Signal.isFatal(signal);
    }

    /** Whether a pending signal is not blocked. */
    public static boolean deliverable(Memory memory, long taskAt) {
        return (PendingSignals.of(memory, taskAt) & ~TaskStruct.SIGNAL_MASK.get(memory, taskAt)) != 0;
    }

    /**
     * Acts on the pending signals of the task on the hart, before it goes back to user mode: enters a handler for the
     * first that has one, ends the task for one that is fatal.
     */
    static void deliver(HartPort port, long taskAt) {
        Memory memory = port.physical();
        while (deliverable(memory, taskAt) && TaskStruct.STATE.get(memory, taskAt) == TaskState.RUNNING.code) {
            long ready = PendingSignals.of(memory, taskAt) & ~TaskStruct.SIGNAL_MASK.get(memory, taskAt);
            int signal = Long.numberOfTrailingZeros(ready) + 1;
            long sender = PendingSignals.take(memory, taskAt, signal);
            long aspace = TaskStruct.ASPACE.get(memory, taskAt);
            long handler = ActionStruct.HANDLER.get(memory, action(memory, aspace, signal));
            if (handler == SIG_DFL && Signal.isFatal(signal)) {
                die(port, taskAt, signal, "");
            } else if (handler != SIG_DFL && handler != SIG_IGN) {
                enter(port, taskAt, aspace, signal, PendingSignals.code(sender), PendingSignals.pid(sender));
            }
        }
        if (TaskStruct.SUSPENDED.get(memory, taskAt) != 0) {
            TaskStruct.SUSPENDED.set(memory, taskAt, 0);
            TaskStruct.SIGNAL_MASK.set(memory, taskAt, TaskStruct.SAVED_MASK.get(memory, taskAt));
        }
    }

    /**
     * A signal that an instruction of the task on the hart caused: its handler is entered, or the task ends.
     *
     * @param code  si_code
     * @param value si_addr
     * @param what  for the message if the task ends
     */
    public static void fault(HartPort port, long taskAt, int signal, int code, long value, String what) {
        Memory memory = port.physical();
        long aspace = TaskStruct.ASPACE.get(memory, taskAt);
        long handler = ActionStruct.HANDLER.get(memory, action(memory, aspace, signal));
        boolean blocked = (TaskStruct.SIGNAL_MASK.get(memory, taskAt) & bit(signal)) != 0;
        if (handler == SIG_DFL || handler == SIG_IGN || blocked) {
            die(port, taskAt, signal, what);
        } else {
            enter(port, taskAt, aspace, signal, code, value);
        }
    }

    private static void enter(HartPort port, long taskAt, long aspaceAt, int signal, int code, long value) {
        Memory memory = port.physical();
        long action = action(memory, aspaceAt, signal);
        long handler = ActionStruct.HANDLER.get(memory, action);
        long flags = ActionStruct.FLAGS.get(memory, action);
        long mask = TaskStruct.SIGNAL_MASK.get(memory, taskAt);
        if (!SignalFrame.push(port, taskAt, aspaceAt, signal, code, value, handler, flags)) {
            die(port, taskAt, Signal.SIGSEGV.number, "no room on the stack for a signal handler's frame");
            return;
        }
        long blocked = mask | ActionStruct.MASK.get(memory, action) | ((flags & SA_NODEFER) != 0 ? 0 : bit(signal));
        TaskStruct.SIGNAL_MASK.set(memory, taskAt, blocked & ~unblockable());
        TaskStruct.SUSPENDED.set(memory, taskAt, 0);
        if ((flags & SA_RESETHAND) != 0) {
            ActionStruct.HANDLER.set(memory, action, SIG_DFL);
        }
    }

    /**
     * Ends the program of the task on the hart by a signal, with a message and, where {@code what} explains a fault,
     * its registers.
     */
    private static void die(HartPort port, long taskAt, int signal, String what) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, TaskStruct.HART.get(memory, taskAt));
        long aspace = TaskStruct.ASPACE.get(memory, taskAt);
        long code = 128 + signal;
        if (AspaceStruct.EXITING.get(memory, aspace) != 0) {
            code = AspaceStruct.EXIT_CODE.get(memory, aspace);
        } else {
            byte[] name = new byte[TaskStruct.NAME_BYTES];
            TaskStruct.NAME.get(memory, taskAt, name);
            Console.log(port, kernel, Console.ERROR, name,
                    "task " + TaskStruct.ID.get(memory, taskAt) + " killed by " + Signal.name(signal)
                            + (what.isEmpty() ? "" : ": " + what));
            if (!what.isEmpty()) {
                RegisterDump.print(port, kernel);
            }
        }
        Tasks.exitAll(port, taskAt, code);
    }
}
