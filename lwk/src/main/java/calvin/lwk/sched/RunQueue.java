package calvin.lwk.sched;

import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.Panic;
import calvin.lwk.state.TaskStruct;
import calvin.sim.state.Memory;

/** The tasks of a hart that are ready to run, first come first served. The one on the hart is not among them. */
public final class RunQueue {
    private RunQueue() {}

    public static boolean isEmpty(Memory memory, long hartAt) {
        return HartStruct.READY_HEAD.get(memory, hartAt) == 0;
    }

    public static void append(Memory memory, long hartAt, long taskAt) {
        if (TaskStruct.QUEUED.get(memory, taskAt) != 0) {
            Panic.raise(memory, HartStruct.ROOT.get(memory, hartAt), Panic.QUEUE_CORRUPT);
            return;
        }
        TaskStruct.QUEUED.set(memory, taskAt, 1);
        TaskStruct.NEXT_READY.set(memory, taskAt, 0);
        long tail = HartStruct.READY_TAIL.get(memory, hartAt);
        if (tail == 0) {
            HartStruct.READY_HEAD.set(memory, hartAt, taskAt);
        } else {
            TaskStruct.NEXT_READY.set(memory, tail, taskAt);
        }
        HartStruct.READY_TAIL.set(memory, hartAt, taskAt);
    }

    /** Takes the first task out, or 0. */
    public static long take(Memory memory, long hartAt) {
        long head = HartStruct.READY_HEAD.get(memory, hartAt);
        if (head == 0) {
            return 0;
        }
        if (TaskStruct.MAGIC.get(memory, head) != TaskStruct.MAGIC_VALUE) {
            Panic.raise(memory, HartStruct.ROOT.get(memory, hartAt), Panic.QUEUE_CORRUPT);
            return 0;
        }
        long next = TaskStruct.NEXT_READY.get(memory, head);
        HartStruct.READY_HEAD.set(memory, hartAt, next);
        if (next == 0) {
            HartStruct.READY_TAIL.set(memory, hartAt, 0);
        }
        TaskStruct.QUEUED.set(memory, head, 0);
        TaskStruct.NEXT_READY.set(memory, head, 0);
        return head;
    }

    /** Takes a task out wherever it is; nothing if it is not in the queue. */
    public static void remove(Memory memory, long hartAt, long taskAt) {
        long before = 0;
        long at = HartStruct.READY_HEAD.get(memory, hartAt);
        for (int i = 0; at != 0 && at != taskAt; i++) {
            if (i >= KernelState.LIST_BOUND) {
                Panic.raise(memory, HartStruct.ROOT.get(memory, hartAt), Panic.LIST_TOO_LONG);
                return;
            }
            before = at;
            at = TaskStruct.NEXT_READY.get(memory, at);
        }
        if (at == 0) {
            return;
        }
        long next = TaskStruct.NEXT_READY.get(memory, at);
        if (before == 0) {
            HartStruct.READY_HEAD.set(memory, hartAt, next);
        } else {
            TaskStruct.NEXT_READY.set(memory, before, next);
        }
        if (next == 0) {
            HartStruct.READY_TAIL.set(memory, hartAt, before);
        }
        TaskStruct.QUEUED.set(memory, at, 0);
        TaskStruct.NEXT_READY.set(memory, at, 0);
    }
}
