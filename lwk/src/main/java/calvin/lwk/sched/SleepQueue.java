package calvin.lwk.sched;

import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.Panic;
import calvin.lwk.state.TaskStruct;
import calvin.sim.state.Memory;

/** The tasks of a hart that a clock wakes, ordered by time and, at equal times, by when they went to sleep. */
public final class SleepQueue {
    private SleepQueue() {}

    public static void insert(Memory memory, long hartAt, long taskAt, long wakeTime) {
        TaskStruct.WAKE_TIME.set(memory, taskAt, wakeTime);
        long before = 0;
        long at = HartStruct.SLEEPERS.get(memory, hartAt);
        for (int i = 0; at != 0 && Long.compareUnsigned(TaskStruct.WAKE_TIME.get(memory, at), wakeTime) <= 0; i++) {
            if (i >= KernelState.LIST_BOUND) {
                Panic.raise(memory, HartStruct.ROOT.get(memory, hartAt), Panic.LIST_TOO_LONG);
                return;
            }
            before = at;
            at = TaskStruct.NEXT_SLEEP.get(memory, at);
        }
        TaskStruct.NEXT_SLEEP.set(memory, taskAt, at);
        if (before == 0) {
            HartStruct.SLEEPERS.set(memory, hartAt, taskAt);
        } else {
            TaskStruct.NEXT_SLEEP.set(memory, before, taskAt);
        }
    }

    /** Takes a task out; nothing if no clock was to wake it. */
    public static void remove(Memory memory, long hartAt, long taskAt) {
        long before = 0;
        long at = HartStruct.SLEEPERS.get(memory, hartAt);
        for (int i = 0; at != 0 && at != taskAt; i++) {
            if (i >= KernelState.LIST_BOUND) {
                Panic.raise(memory, HartStruct.ROOT.get(memory, hartAt), Panic.LIST_TOO_LONG);
                return;
            }
            before = at;
            at = TaskStruct.NEXT_SLEEP.get(memory, at);
        }
        if (at != 0) {
            long next = TaskStruct.NEXT_SLEEP.get(memory, at);
            if (before == 0) {
                HartStruct.SLEEPERS.set(memory, hartAt, next);
            } else {
                TaskStruct.NEXT_SLEEP.set(memory, before, next);
            }
        }
        TaskStruct.NEXT_SLEEP.set(memory, taskAt, 0);
        TaskStruct.WAKE_TIME.set(memory, taskAt, TaskStruct.NEVER);
    }

    /** The task to wake first if its time has come at {@code now}, else 0. */
    public static long due(Memory memory, long hartAt, long now) {
        long head = HartStruct.SLEEPERS.get(memory, hartAt);
        return head != 0 && Long.compareUnsigned(TaskStruct.WAKE_TIME.get(memory, head), now) <= 0 ? head : 0;
    }
}
