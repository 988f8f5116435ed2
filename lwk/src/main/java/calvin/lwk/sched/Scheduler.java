package calvin.lwk.sched;

import static calvin.lwk.abi.Errno.EAGAIN;
import static calvin.lwk.abi.Errno.ETIMEDOUT;

import calvin.lwk.abi.Sbi;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.TaskState;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.state.WaitKind;
import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/**
 * Round robin with a turn of 1 / sched_hz seconds, which counts only while another task of the hart is ready.
 *
 * <p>Whoever blocks, wakes or ends a task marks its hart with {@link HartStruct#RESCHEDULE}; an entry that finds the
 * mark clear goes straight back.
 */
public final class Scheduler {
    /** {@link HartStruct#RESCHEDULE}: look at the queues before going on. */
    public static final int LOOK = 1;
    /** {@link HartStruct#RESCHEDULE}: and the current task's turn is over. */
    public static final int YIELD = 2;

    private static final int SSCRATCH = Csr.SSCRATCH.number;

    private Scheduler() {}

    /** Asks for {@link #LOOK} or {@link #YIELD} at the end of this entry. */
    public static void mark(Memory memory, long hartAt, int what) {
        HartStruct.RESCHEDULE.set(memory, hartAt, Math.max(what, HartStruct.RESCHEDULE.get(memory, hartAt)));
    }

    /** Makes a task wait. The call it is in returns without a result of its own. */
    public static void block(Memory memory, long taskAt, WaitKind kind, long key) {
        TaskStruct.STATE.set(memory, taskAt, TaskState.INTERRUPTIBLE.code);
        TaskStruct.WAIT_KIND.set(memory, taskAt, kind.code);
        TaskStruct.WAIT_KEY.set(memory, taskAt, key);
        mark(memory, TaskStruct.HART.get(memory, taskAt), LOOK);
    }

    /** As {@link #block}, but no longer than until {@code wakeTime} of the time CSR (NEVER: for ever). */
    public static void blockUntil(Memory memory, long taskAt, WaitKind kind, long key, long wakeTime) {
        block(memory, taskAt, kind, key);
        if (wakeTime == TaskStruct.NEVER) {
            return;
        }
        SleepQueue.insert(memory, TaskStruct.HART.get(memory, taskAt), taskAt, wakeTime);
    }

    /** Gives a task that waits in a call the call's result. */
    public static void result(HartPort port, long taskAt, long value) {
        Memory memory = port.physical();
        if (HartStruct.CURRENT.get(memory, TaskStruct.HART.get(memory, taskAt)) == taskAt) {
            // It blocked in this very entry: its registers are still in the hart.
            port.x(10, value);
        } else {
            TaskStruct.X.set(memory, taskAt, 10, value);
        }
    }

    /**
     * Ends a task's wait; nothing if it does not wait. A task of another hart is announced there by an inter-processor
     * interrupt.
     */
    public static void wake(HartPort port, long taskAt) {
        Memory memory = port.physical();
        TaskState state = TaskState.of(TaskStruct.STATE.get(memory, taskAt));
        if (state != TaskState.INTERRUPTIBLE && state != TaskState.UNINTERRUPTIBLE) {
            return;
        }
        long hart = TaskStruct.HART.get(memory, taskAt);
        if (TaskStruct.WAKE_TIME.get(memory, taskAt) != TaskStruct.NEVER) {
            SleepQueue.remove(memory, hart, taskAt);
        }
        TaskStruct.WAIT_KIND.set(memory, taskAt, WaitKind.NONE.code);
        TaskStruct.WAIT_KEY.set(memory, taskAt, 0);
        makeReady(port, taskAt);
    }

    /** Puts a task that is new or was waiting into the run queue of its hart. */
    public static void makeReady(HartPort port, long taskAt) {
        Memory memory = port.physical();
        long hart = TaskStruct.HART.get(memory, taskAt);
        TaskStruct.STATE.set(memory, taskAt, TaskState.RUNNING.code);
        if (HartStruct.CURRENT.get(memory, hart) != taskAt) {
            RunQueue.append(memory, hart, taskAt);
        }
        mark(memory, hart, LOOK);
        if (hart != port.csr(SSCRATCH) && HartStruct.STATE.get(memory, hart) == HartStruct.ONLINE) {
            port.ecall(Sbi.IPI, 0, 1, HartStruct.HART_ID.get(memory, hart), 0, 0);
        }
    }

    /** Wakes the sleepers of a hart whose time has come. */
    private static void wakeDue(HartPort port, long hartAt, long now) {
        Memory memory = port.physical();
        long task = SleepQueue.due(memory, hartAt, now);
        for (int i = 0; task != 0 && i < KernelState.LIST_BOUND; i++) {
            switch (WaitKind.of(TaskStruct.WAIT_KIND.get(memory, task))) {
                case SLEEP -> result(port, task, 0);
                case FUTEX -> result(port, task, -ETIMEDOUT);
                case SIGNAL -> result(port, task, -EAGAIN);
                case NONE, RETRY, GUEST, CORRUPT -> {
                }
            }
            SleepQueue.remove(memory, hartAt, task);
            wake(port, task);
            task = SleepQueue.due(memory, hartAt, now);
        }
    }

    /**
     * Decides which task of the hart goes on, and until when. The current one, if it loses its place but could run, is
     * at the end of the queue afterwards.
     *
     * @return its address, or 0 when there is none
     */
    public static long pick(HartPort port, long hartAt) {
        Memory memory = port.physical();
        long now = port.time();
        wakeDue(port, hartAt, now);
        boolean yields = HartStruct.RESCHEDULE.get(memory, hartAt) == YIELD;
        HartStruct.RESCHEDULE.set(memory, hartAt, 0);
        long current = HartStruct.CURRENT.get(memory, hartAt);
        boolean ready = current != 0 && TaskStruct.STATE.get(memory, current) == TaskState.RUNNING.code;
        long turnEnd = HartStruct.QUANTUM_END.get(memory, hartAt);
        boolean stays = ready && !yields && Long.compareUnsigned(now, turnEnd) < 0;
        long next = current;
        if (!stays) {
            if (ready) {
                RunQueue.append(memory, hartAt, current);
            }
            next = RunQueue.take(memory, hartAt);
            turnEnd = TaskStruct.NEVER;
        }
        if (next == 0 || RunQueue.isEmpty(memory, hartAt)) {
            turnEnd = TaskStruct.NEVER;
        } else if (turnEnd == TaskStruct.NEVER) {
            turnEnd = now + KernelState.QUANTUM.get(memory, HartStruct.ROOT.get(memory, hartAt));
        }
        HartStruct.QUANTUM_END.set(memory, hartAt, turnEnd);
        return next;
    }
}
