package calvin.lwk.task;

import calvin.lwk.mm.UserMemory;
import calvin.lwk.sched.Scheduler;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.TaskStruct;
import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/**
 * Threads: further tasks of a program's address space. Like Kitten, the kernel deals them out to its harts in turn,
 * beginning behind the hart of the first task, and leaves them where they are.
 */
public final class Threads {
    private static final int A0 = 10;
    private static final int SP = 2;
    private static final int SEPC = Csr.SEPC.number;
    private static final int SSTATUS = Csr.SSTATUS.number;
    private static final long FS_MASK = 3L << 13;
    private static final long FS_DIRTY = 3L << 13;
    private static final long FS_CLEAN = 2L << 13;

    /** Most entries of a list of robust futexes that are looked at (Linux' ROBUST_LIST_LIMIT). */
    private static final int ROBUST_LIMIT = 2048;
    private static final long FUTEX_WAITERS = 0x8000_0000L;
    private static final long FUTEX_OWNER_DIED = 0x4000_0000L;
    private static final long FUTEX_TID = 0x3FFF_FFFFL;

    private Threads() {}

    /**
     * Makes a thread of the address space of the task on the hart. It begins with the registers of that task, except
     * that x10 is 0, and is not runnable before {@link Scheduler#makeReady}.
     *
     * @param stackVa its stack pointer, or 0 for that of the caller
     * @return its address, or 0 when there is no memory
     */
    public static long create(HartPort port, long taskAt, long stackVa) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, TaskStruct.HART.get(memory, taskAt));
        long aspace = TaskStruct.ASPACE.get(memory, taskAt);
        byte[] name = new byte[TaskStruct.NAME_BYTES];
        TaskStruct.NAME.get(memory, taskAt, name);
        long index = AspaceStruct.NEXT_HART.get(memory, aspace) % KernelState.HART_COUNT.get(memory, kernel);
        long hart = Tasks.place(memory, kernel, index);
        long task = Tasks.create(port, kernel, hart, Tasks.allocateId(port, kernel), name);
        if (task == 0) {
            return 0;
        }
        AspaceStruct.NEXT_HART.set(memory, aspace, index + 1);
        AspaceStruct.TASKS.set(memory, aspace, AspaceStruct.TASKS.get(memory, aspace) + 1);
        TaskStruct.ASPACE.set(memory, task, aspace);
        TaskStruct.JOB.set(memory, task, TaskStruct.JOB.get(memory, taskAt));
        TaskStruct.RANK.set(memory, task, TaskStruct.RANK.get(memory, taskAt));
        TaskStruct.UID.set(memory, task, TaskStruct.UID.get(memory, taskAt));
        TaskStruct.GID.set(memory, task, TaskStruct.GID.get(memory, taskAt));
        TaskStruct.SIGNAL_MASK.set(memory, task, TaskStruct.SIGNAL_MASK.get(memory, taskAt));
        copyRegisters(port, task);
        TaskStruct.X.set(memory, task, A0, 0);
        if (stackVa != 0) {
            TaskStruct.X.set(memory, task, SP, stackVa);
        }
        return task;
    }

    private static void copyRegisters(HartPort port, long task) {
        Memory memory = port.physical();
        for (int i = 1; i < 32; i++) {
            TaskStruct.X.set(memory, task, i, port.x(i));
        }
        for (int i = 0; i < 32; i++) {
            TaskStruct.F.set(memory, task, i, port.f(i));
        }
        TaskStruct.FCSR.set(memory, task, port.fcsr());
        TaskStruct.PC.set(memory, task, port.csr(SEPC));
        long status = port.csr(SSTATUS);
        TaskStruct.SSTATUS.set(memory, task, (status & FS_MASK) == FS_DIRTY ? status & ~FS_MASK | FS_CLEAN : status);
    }

    /**
     * What others learn from the end of the task on the hart while its address space lives on: robust futexes that it
     * holds are marked and their next waiters woken, then the word of set_tid_address is cleared and its waiter woken.
     */
    public static void announceExit(HartPort port, long taskAt) {
        Memory memory = port.physical();
        if (AspaceStruct.TASKS.get(memory, TaskStruct.ASPACE.get(memory, taskAt)) <= 1) {
            return;
        }
        releaseRobust(port, taskAt);
        long clear = TaskStruct.CLEAR_TID.get(memory, taskAt);
        if (clear != 0 && UserMemory.put(port, clear, 4, 0)) {
            wakeOne(port, taskAt, clear);
        }
    }

    /** The list of {@code struct robust_list_head} (linux/futex.h): next, offset of the word, entry in the making. */
    private static void releaseRobust(HartPort port, long taskAt) {
        long head = TaskStruct.ROBUST_LIST.get(port.physical(), taskAt);
        if (head == 0 || !UserMemory.accessible(port, head, 8, UserMemory.READ)
                || !UserMemory.accessible(port, head + 16, 8, UserMemory.READ)) {
            return;
        }
        long offset = UserMemory.get(port, head + 8, 8);
        long pending = UserMemory.get(port, head + 16, 8) & ~1L;
        long entry = UserMemory.get(port, head, 8) & ~1L;
        for (int i = 0; entry != head && i < ROBUST_LIMIT; i++) {
            if (!UserMemory.accessible(port, entry, 8, UserMemory.READ)) {
                return;
            }
            long next = UserMemory.get(port, entry, 8) & ~1L;
            if (entry != pending) {
                ownerDied(port, taskAt, entry + offset);
            }
            entry = next;
        }
        if (pending != 0) {
            ownerDied(port, taskAt, pending + offset);
        }
    }

    private static void ownerDied(HartPort port, long taskAt, long va) {
        if ((va & 3) != 0 || !UserMemory.accessible(port, va, 4, UserMemory.WRITE)) {
            return;
        }
        long word = UserMemory.get(port, va, 4);
        if ((word & FUTEX_TID) != TaskStruct.ID.get(port.physical(), taskAt)) {
            return;
        }
        UserMemory.put(port, va, 4, word & FUTEX_WAITERS | FUTEX_OWNER_DIED);
        if ((word & FUTEX_WAITERS) != 0) {
            wakeOne(port, taskAt, va);
        }
    }

    private static void wakeOne(HartPort port, long taskAt, long va) {
        long kernel = HartStruct.ROOT.get(port.physical(), TaskStruct.HART.get(port.physical(), taskAt));
        Futex.wake(port, kernel, port.translateUser(va, UserMemory.WRITE), 1, -1);
    }
}
