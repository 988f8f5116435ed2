package calvin.lwk.task;

import static calvin.lwk.abi.Errno.EAGAIN;

import calvin.lwk.sched.Scheduler;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.state.WaitKind;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/**
 * Waiting on words of memory, named by their physical address, so that address spaces which share memory can wait for
 * each other. Waiters are found by looking through all tasks; those created first are woken first.
 */
public final class Futex {
    private Futex() {}

    /** Blocks the task if the word still is {@code expected}; -EAGAIN otherwise, 0 when it is blocked. */
    public static long await(Memory memory, long taskAt, long wordPa, long expected, long bits, long wakeTime) {
        if (memory.u32(wordPa) != (expected & 0xFFFF_FFFFL)) {
            return -EAGAIN;
        }
        TaskStruct.WAIT_BITS.set(memory, taskAt, bits);
        Scheduler.blockUntil(memory, taskAt, WaitKind.FUTEX, wordPa, wakeTime);
        return 0;
    }

    /** Wakes up to {@code most} waiters that share a bit with {@code bits}; returns how many. */
    public static long wake(HartPort port, long kernelAt, long wordPa, long most, long bits) {
        Memory memory = port.physical();
        long woken = 0;
        long at = KernelState.TASKS.get(memory, kernelAt);
        for (int i = 0; at != 0 && woken < most && i < KernelState.LIST_BOUND; i++) {
            if (waits(memory, at, wordPa) && (TaskStruct.WAIT_BITS.get(memory, at) & bits) != 0) {
                Scheduler.result(port, at, 0);
                Scheduler.wake(port, at);
                woken++;
            }
            at = TaskStruct.NEXT.get(memory, at);
        }
        return woken;
    }

    /** Makes up to {@code most} waiters wait for another word; returns how many. */
    public static long requeue(Memory memory, long kernelAt, long wordPa, long most, long otherPa) {
        long moved = 0;
        long at = KernelState.TASKS.get(memory, kernelAt);
        for (int i = 0; at != 0 && moved < most && i < KernelState.LIST_BOUND; i++) {
            if (waits(memory, at, wordPa)) {
                TaskStruct.WAIT_KEY.set(memory, at, otherPa);
                moved++;
            }
            at = TaskStruct.NEXT.get(memory, at);
        }
        return moved;
    }

    private static boolean waits(Memory memory, long taskAt, long wordPa) {
        return TaskStruct.WAIT_KIND.get(memory, taskAt) == WaitKind.FUTEX.code
                && TaskStruct.WAIT_KEY.get(memory, taskAt) == wordPa;
    }
}
