package calvin.lwk.task;

import static calvin.lwk.abi.Errno.ENOMEM;

import calvin.lwk.abi.JobStruct;
import calvin.lwk.abi.Sbi;
import calvin.lwk.drv.Console;
import calvin.lwk.fs.Files;
import calvin.lwk.mm.Aspace;
import calvin.lwk.mm.Kmem;
import calvin.lwk.sched.RunQueue;
import calvin.lwk.sched.Scheduler;
import calvin.lwk.sched.SleepQueue;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.FileKind;
import calvin.lwk.state.FileStruct;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.Panic;
import calvin.lwk.state.TaskState;
import calvin.lwk.state.TaskStruct;
import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/** The life of tasks: from a job of the boot parameters to the end. */
public final class Tasks {
    /** First id given out: Kitten's INIT_ASPACE_ID. */
    public static final int FIRST_ID = 2;
    /** Ids are below this; they are ASIDs too. */
    public static final int ID_END = 32768;
    /** Exit code of a job that could not be started (POSIX shells: found but not executable). */
    public static final int CANNOT_START = 126;

    /** SPIE; FS = Initial. SPP = 0: user mode. */
    private static final long USER_SSTATUS = 1L << 5 | 1L << 13;
    private static final int SATP = Csr.SATP.number;

    private Tasks() {}

    /**
     * Starts a job; one that cannot be started is reported on the console and ends at once with {@link #CANNOT_START}.
     */
    public static void start(HartPort port, long kernelAt, long jobAt, GuestRunner runner) {
        Memory memory = port.physical();
        long hart = place(memory, kernelAt, JobStruct.HART.get(memory, jobAt));
        byte[] name = new byte[JobStruct.NAME_BYTES];
        JobStruct.NAME.get(memory, jobAt, name);
        long id = allocateId(port, kernelAt);
        port.taskStarted(id);
        long task = create(port, kernelAt, hart, id, name);
        if (task == 0) {
            refuse(port, kernelAt, id, name, "out of kernel memory");
            return;
        }
        TaskStruct.JOB.set(memory, task, jobAt);
        TaskStruct.RANK.set(memory, task, JobStruct.RANK.get(memory, jobAt));
        TaskStruct.UID.set(memory, task, JobStruct.UID.get(memory, jobAt));
        TaskStruct.GID.set(memory, task, JobStruct.GID.get(memory, jobAt));
        String refusal = switch ((int) JobStruct.KIND.get(memory, jobAt)) {
            case JobStruct.KIND_TASK -> startProgram(port, kernelAt, task, id, jobAt, name);
            case JobStruct.KIND_GUEST -> startGuest(port, task, jobAt, runner);
            default -> "the job is of kind " + JobStruct.KIND.get(memory, jobAt) + "; there are 1 (task) and 2 (guest)";
        };
        if (refusal == null) {
            Scheduler.makeReady(port, task);
            return;
        }
        long aspace = TaskStruct.ASPACE.get(memory, task);
        TaskStruct.ASPACE.set(memory, task, 0);
        if (aspace != 0) {
            Files.closeAll(port, kernelAt, aspace);
            AspaceStruct.TASKS.set(memory, aspace, 0);
            Aspace.destroy(memory, kernelAt, aspace);
        }
        release(memory, kernelAt, task);
        refuse(port, kernelAt, id, name, refusal);
    }

    /**
     * A further vcpu of the virtual machine of {@code taskAt}, on the given hart of the kernel, not yet runnable; 0
     * when there is no memory.
     */
    public static long createVcpu(HartPort port, long taskAt, long hartIndex, long guestAt) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, TaskStruct.HART.get(memory, taskAt));
        byte[] name = new byte[TaskStruct.NAME_BYTES];
        TaskStruct.NAME.get(memory, taskAt, name);
        long task = create(port, kernel, place(memory, kernel, hartIndex), allocateId(port, kernel), name);
        if (task != 0) {
            port.taskStarted(TaskStruct.ID.get(memory, task));
            TaskStruct.KIND.set(memory, task, TaskStruct.KIND_GUEST);
            TaskStruct.GUEST.set(memory, task, guestAt);
            TaskStruct.JOB.set(memory, task, TaskStruct.JOB.get(memory, taskAt));
        }
        return task;
    }

    /** Ends a task. The structures go when it is off its hart. The first task's code is its program's. */
    public static void exit(Memory memory, long taskAt, long code) {
        long aspace = TaskStruct.ASPACE.get(memory, taskAt);
        if (aspace != 0 && AspaceStruct.EXITING.get(memory, aspace) == 0
                && TaskStruct.ID.get(memory, taskAt) == AspaceStruct.ID.get(memory, aspace)) {
            AspaceStruct.EXIT_CODE.set(memory, aspace, code);
        }
        TaskStruct.STATE.set(memory, taskAt, TaskState.EXITED.code);
        TaskStruct.EXIT_CODE.set(memory, taskAt, code);
        Scheduler.mark(memory, TaskStruct.HART.get(memory, taskAt), Scheduler.LOOK);
    }

    /** Ends a task and asks all others of its address space to end with the same code. */
    public static void exitAll(HartPort port, long taskAt, long code) {
        Memory memory = port.physical();
        long aspace = TaskStruct.ASPACE.get(memory, taskAt);
        exit(memory, taskAt, code);
        if (aspace == 0 || AspaceStruct.EXITING.get(memory, aspace) != 0) {
            return;
        }
        AspaceStruct.EXITING.set(memory, aspace, 1);
        AspaceStruct.EXIT_CODE.set(memory, aspace, code);
        if (AspaceStruct.TASKS.get(memory, aspace) == 1) {
            return;
        }
        long kernel = HartStruct.ROOT.get(memory, TaskStruct.HART.get(memory, taskAt));
        long at = KernelState.TASKS.get(memory, kernel);
        for (int i = 0; at != 0 && i < KernelState.LIST_BOUND; i++) {
            if (at != taskAt && TaskStruct.ASPACE.get(memory, at) == aspace) {
                Signals.post(port, at, calvin.lwk.abi.Signal.SIGKILL.number, 0);
            }
            at = TaskStruct.NEXT.get(memory, at);
        }
    }

    /** Gives back what an ended task holds. It is off its hart, and in no queue of the scheduler. */
    static void bury(HartPort port, long taskAt, GuestRunner runner) {
        Memory memory = port.physical();
        long hart = TaskStruct.HART.get(memory, taskAt);
        long kernel = HartStruct.ROOT.get(memory, hart);
        long aspace = TaskStruct.ASPACE.get(memory, taskAt);
        long id = aspace == 0 ? TaskStruct.ID.get(memory, taskAt) : AspaceStruct.ID.get(memory, aspace);
        long code = aspace == 0
                ? TaskStruct.EXIT_CODE.get(memory, taskAt)
                : AspaceStruct.EXIT_CODE.get(memory, aspace);
        byte[] name = new byte[TaskStruct.NAME_BYTES];
        TaskStruct.NAME.get(memory, taskAt, name);
        if (TaskStruct.WAKE_TIME.get(memory, taskAt) != TaskStruct.NEVER) {
            SleepQueue.remove(memory, hart, taskAt);
        }
        RunQueue.remove(memory, hart, taskAt);
        if (HartStruct.FP_OWNER.get(memory, hart) == taskAt) {
            HartStruct.FP_OWNER.set(memory, hart, 0);
        }
        if (TaskStruct.KIND.get(memory, taskAt) == TaskStruct.KIND_GUEST) {
            runner.ended(port, taskAt);
        }
        boolean last = aspace == 0 || leaveAspace(port, kernel, taskAt, aspace);
        release(memory, kernel, taskAt);
        if (!last) {
            return;
        }
        KernelState.LAST_CODE.set(memory, kernel, code);
        Console.log(port, kernel, Console.INFO, name, "task " + id + " ended with code " + code);
        port.taskEnded(id, code);
    }

    /** A task is no longer in its address space, which goes with the last: true then. */
    private static boolean leaveAspace(HartPort port, long kernelAt, long taskAt, long aspaceAt) {
        Memory memory = port.physical();
        long hartAt = TaskStruct.HART.get(memory, taskAt);
        long left = AspaceStruct.TASKS.get(memory, aspaceAt) - 1;
        AspaceStruct.TASKS.set(memory, aspaceAt, left);
        if (left > 0) {
            long ticks = TaskStruct.RUN_TICKS.get(memory, taskAt) + port.time()
                    - TaskStruct.LAST_IN.get(memory, taskAt);
            AspaceStruct.RUN_TICKS.set(memory, aspaceAt, AspaceStruct.RUN_TICKS.get(memory, aspaceAt) + ticks);
            return false;
        }
        Files.closeAll(port, kernelAt, aspaceAt);
        if (HartStruct.SATP.get(memory, hartAt) == Aspace.satp(memory, aspaceAt)) {
            HartStruct.SATP.set(memory, hartAt, 0);
            port.csr(SATP, 0);
        }
        Aspace.destroy(memory, kernelAt, aspaceAt);
        return true;
    }

    private static String startProgram(HartPort port, long kernelAt, long taskAt, long id, long jobAt, byte[] name) {
        Memory memory = port.physical();
        long aspace = Aspace.create(memory, kernelAt, id, name);
        if (aspace == 0) {
            return "out of kernel memory";
        }
        TaskStruct.ASPACE.set(memory, taskAt, aspace);
        AspaceStruct.JOB.set(memory, aspace, jobAt);
        AspaceStruct.TASKS.set(memory, aspace, 1);
        long hart = TaskStruct.HART.get(memory, taskAt);
        AspaceStruct.NUMA.set(memory, aspace, HartStruct.NUMA.get(memory, hart));
        AspaceStruct.NEXT_HART.set(memory, aspace, HartStruct.INDEX.get(memory, hart) + 1);
        try {
            Program.Loaded program = Program.load(memory, kernelAt, aspace, jobAt);
            long sp = StartStack.write(memory, aspace, jobAt, program, Entropy.next(memory, kernelAt),
                    Entropy.next(memory, kernelAt));
            TaskStruct.X.set(memory, taskAt, 2, sp);
            TaskStruct.PC.set(memory, taskAt, program.entry());
            TaskStruct.SSTATUS.set(memory, taskAt, USER_SSTATUS);
            port.fenceI();
            return openStandardFiles(memory, kernelAt, aspace, jobAt) ? null : "out of kernel memory";
        } catch (Program.Refused e) {
            return e.getMessage();
        }
    }

    private static boolean openStandardFiles(Memory memory, long kernelAt, long aspaceAt, long jobAt) {
        long input = JobStruct.INPUT.get(memory, jobAt);
        FileKind kind = input == 0 ? FileKind.CONSOLE : FileKind.INPUT;
        boolean opened = Files.open(memory, kernelAt, aspaceAt, kind, 0, input,
                JobStruct.INPUT_BYTES.get(memory, jobAt)) >= 0;
        opened &= Files.open(memory, kernelAt, aspaceAt, FileKind.CONSOLE, 1, 0, 0) >= 0;
        return opened & Files.open(memory, kernelAt, aspaceAt, FileKind.CONSOLE, 1, FileStruct.ERRORS, 0) >= 0;
    }

    private static String startGuest(HartPort port, long taskAt, long jobAt, GuestRunner runner) {
        if (runner == null) {
            return "this kernel has no hypervisor";
        }
        TaskStruct.KIND.set(port.physical(), taskAt, TaskStruct.KIND_GUEST);
        long error = runner.start(port, taskAt, jobAt);
        return error == 0 ? null : "the virtual machine cannot be made (error " + -error + ")";
    }

    private static void refuse(HartPort port, long kernelAt, long id, byte[] name, String why) {
        Console.log(port, kernelAt, Console.ERROR, name, "cannot start: " + why);
        KernelState.LAST_CODE.set(port.physical(), kernelAt, CANNOT_START);
        port.taskEnded(id, CANNOT_START);
    }

    /** The hart with that index, or the next one in turn. */
    static long place(Memory memory, long kernelAt, long index) {
        long count = KernelState.HART_COUNT.get(memory, kernelAt);
        long chosen = index;
        if (index < 0 || index >= count) {
            chosen = KernelState.NEXT_HART.get(memory, kernelAt) % count;
            KernelState.NEXT_HART.set(memory, kernelAt, (chosen + 1) % count);
        }
        return KernelState.HARTS.get(memory, kernelAt) + chosen * HartStruct.S.sizeBytes();
    }

    /** A task in the kernel's list that nobody runs yet, or 0. */
    static long create(HartPort port, long kernelAt, long hartAt, long id, byte[] name) {
        Memory memory = port.physical();
        long task = Kmem.alloc(memory, kernelAt, TaskStruct.S.sizeBytes());
        if (task == 0) {
            return 0;
        }
        TaskStruct.MAGIC.set(memory, task, TaskStruct.MAGIC_VALUE);
        TaskStruct.ID.set(memory, task, id);
        TaskStruct.HART.set(memory, task, hartAt);
        TaskStruct.WAKE_TIME.set(memory, task, TaskStruct.NEVER);
        TaskStruct.STATE.set(memory, task, TaskState.UNINTERRUPTIBLE.code);
        TaskStruct.STARTED.set(memory, task, port.time());
        TaskStruct.NAME.set(memory, task, name);
        long last = KernelState.TASKS.get(memory, kernelAt);
        if (last == 0) {
            KernelState.TASKS.set(memory, kernelAt, task);
        } else {
            for (int i = 0; TaskStruct.NEXT.get(memory, last) != 0 && i < KernelState.LIST_BOUND; i++) {
                last = TaskStruct.NEXT.get(memory, last);
            }
            TaskStruct.NEXT.set(memory, last, task);
        }
        KernelState.LIVE_TASKS.set(memory, kernelAt, KernelState.LIVE_TASKS.get(memory, kernelAt) + 1);
        return task;
    }

    /** Takes a task out of the kernel's list and frees it. */
    private static void release(Memory memory, long kernelAt, long taskAt) {
        long next = TaskStruct.NEXT.get(memory, taskAt);
        long at = KernelState.TASKS.get(memory, kernelAt);
        if (at == taskAt) {
            KernelState.TASKS.set(memory, kernelAt, next);
        }
        for (int i = 0; at != 0 && at != taskAt && i < KernelState.LIST_BOUND; i++) {
            long follower = TaskStruct.NEXT.get(memory, at);
            if (follower == taskAt) {
                TaskStruct.NEXT.set(memory, at, next);
            }
            at = follower;
        }
        KernelState.LIVE_TASKS.set(memory, kernelAt, KernelState.LIVE_TASKS.get(memory, kernelAt) - 1);
        TaskStruct.MAGIC.set(memory, taskAt, 0);
        Kmem.free(memory, kernelAt, taskAt, TaskStruct.S.sizeBytes());
    }

    /** The next free id. When ids begin anew, translations of address spaces that had them before are forgotten. */
    static long allocateId(HartPort port, long kernelAt) {
        Memory memory = port.physical();
        long id = Math.max(FIRST_ID, KernelState.NEXT_ID.get(memory, kernelAt));
        for (int i = 0; i < ID_END; i++) {
            if (id >= ID_END) {
                id = FIRST_ID;
                port.sfenceVma();
                port.ecall(Sbi.RFENCE, 1, 0, -1, 0, 0);
            }
            if (find(memory, kernelAt, id) == 0 && Aspace.find(memory, kernelAt, id) == 0) {
                KernelState.NEXT_ID.set(memory, kernelAt, id + 1);
                return id;
            }
            id++;
        }
        Panic.raise(memory, kernelAt, Panic.LIST_TOO_LONG);
        return -ENOMEM;
    }

    /** The task with that id, or 0. */
    public static long find(Memory memory, long kernelAt, long id) {
        long at = KernelState.TASKS.get(memory, kernelAt);
        for (int i = 0; at != 0 && i < KernelState.LIST_BOUND; i++) {
            if (TaskStruct.ID.get(memory, at) == id) {
                return at;
            }
            at = TaskStruct.NEXT.get(memory, at);
        }
        return 0;
    }
}
