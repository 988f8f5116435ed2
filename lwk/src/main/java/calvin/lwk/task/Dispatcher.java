package calvin.lwk.task;

import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.Sbi;
import calvin.lwk.drv.Console;
import calvin.lwk.mm.Aspace;
import calvin.lwk.sched.Scheduler;
import calvin.lwk.sched.Timer;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.Panic;
import calvin.lwk.state.TaskState;
import calvin.lwk.state.TaskStruct;
import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.Resume;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/**
 * The end of every entry: which task goes on, with its registers in the hart.
 *
 * <p>The f registers are saved only when the task changed them, and loaded only when the hart holds another task's.
 */
public final class Dispatcher {
    private static final int SEPC = Csr.SEPC.number;
    private static final int SSTATUS = Csr.SSTATUS.number;
    private static final int SATP = Csr.SATP.number;
    private static final long FS_MASK = 3L << 13;
    private static final long FS_DIRTY = 3L << 13;
    private static final long FS_CLEAN = 2L << 13;
    /** Instructions of a switch that the port does not charge: choosing, loops, branches. */
    private static final int SWITCH_CYCLES = 60;

    private Dispatcher() {}

    /** Ends an entry of a hart. */
    public static Resume leave(HartPort port, long hartAt, GuestRunner runner) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        if (HartStruct.RESCHEDULE.get(memory, hartAt) != 0) {
            for (int i = 0; HartStruct.RESCHEDULE.get(memory, hartAt) != 0 && i < KernelState.LIST_BOUND; i++) {
                reschedule(port, hartAt, runner);
            }
            if (HartStruct.CURRENT.get(memory, hartAt) == 0 && isDone(memory, kernel)) {
                return shutDown(port, kernel);
            }
            Timer.arm(port, hartAt);
        }
        if (port.badAccess()) {
            Panic.raise(memory, kernel, Panic.BAD_ACCESS);
        }
        if (KernelState.PANICKED.get(memory, kernel) != 0) {
            return panic(port, kernel);
        }
        return HartStruct.CURRENT.get(memory, hartAt) == 0 ? Resume.IDLE : Resume.RETURN;
    }

    private static void reschedule(HartPort port, long hartAt, GuestRunner runner) {
        Memory memory = port.physical();
        long before = HartStruct.CURRENT.get(memory, hartAt);
        long next = Scheduler.pick(port, hartAt);
        if (next != before) {
            HartStruct.CURRENT.set(memory, hartAt, next);
            HartStruct.SWITCHES.set(memory, hartAt, HartStruct.SWITCHES.get(memory, hartAt) + 1);
            port.charge(SWITCH_CYCLES);
            if (before != 0) {
                takeOff(port, hartAt, before, runner);
            }
            if (next != 0) {
                putOn(port, hartAt, next, runner);
            }
        }
        if (next != 0 && TaskStruct.KIND.get(memory, next) == TaskStruct.KIND_USER
                && Signals.deliverable(memory, next)) {
            Signals.deliver(port, next);
        }
    }

    private static void takeOff(HartPort port, long hartAt, long taskAt, GuestRunner runner) {
        Memory memory = port.physical();
        boolean ended = TaskStruct.STATE.get(memory, taskAt) == TaskState.EXITED.code;
        if (!ended) {
            save(port, hartAt, taskAt);
        }
        if (TaskStruct.KIND.get(memory, taskAt) == TaskStruct.KIND_GUEST) {
            runner.leave(port, taskAt);
        }
        if (ended) {
            Tasks.bury(port, taskAt, runner);
        }
    }

    private static void save(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        for (int i = 1; i < 32; i++) {
            TaskStruct.X.set(memory, taskAt, i, port.x(i));
        }
        long status = port.csr(SSTATUS);
        if ((status & FS_MASK) == FS_DIRTY) {
            for (int i = 0; i < 32; i++) {
                TaskStruct.F.set(memory, taskAt, i, port.f(i));
            }
            TaskStruct.FCSR.set(memory, taskAt, port.fcsr());
            status = status & ~FS_MASK | FS_CLEAN;
            HartStruct.FP_OWNER.set(memory, hartAt, taskAt);
        }
        TaskStruct.PC.set(memory, taskAt, port.csr(SEPC));
        TaskStruct.SSTATUS.set(memory, taskAt, status);
        TaskStruct.RUN_TICKS.set(memory, taskAt,
                TaskStruct.RUN_TICKS.get(memory, taskAt) + port.time() - TaskStruct.LAST_IN.get(memory, taskAt));
    }

    private static void putOn(HartPort port, long hartAt, long taskAt, GuestRunner runner) {
        Memory memory = port.physical();
        long aspace = TaskStruct.ASPACE.get(memory, taskAt);
        if (TaskStruct.KIND.get(memory, taskAt) == TaskStruct.KIND_GUEST) {
            runner.enter(port, taskAt);
        } else if (aspace != 0) {
            long satp = Aspace.satp(memory, aspace);
            if (satp != HartStruct.SATP.get(memory, hartAt)) {
                HartStruct.SATP.set(memory, hartAt, satp);
                port.csr(SATP, satp);
            }
        }
        long status = TaskStruct.SSTATUS.get(memory, taskAt);
        if (HartStruct.FP_OWNER.get(memory, hartAt) != taskAt) {
            port.csr(SSTATUS, status | FS_DIRTY);
            for (int i = 0; i < 32; i++) {
                port.f(i, TaskStruct.F.get(memory, taskAt, i));
            }
            port.fcsr((int) TaskStruct.FCSR.get(memory, taskAt));
            HartStruct.FP_OWNER.set(memory, hartAt, taskAt);
        }
        for (int i = 1; i < 32; i++) {
            port.x(i, TaskStruct.X.get(memory, taskAt, i));
        }
        port.csr(SEPC, TaskStruct.PC.get(memory, taskAt));
        port.csr(SSTATUS, status);
        TaskStruct.LAST_IN.set(memory, taskAt, port.time());
    }

    private static boolean isDone(Memory memory, long kernelAt) {
        return KernelState.LIVE_TASKS.get(memory, kernelAt) == 0
                && (KernelState.FLAGS.get(memory, kernelAt) & BootParams.FLAG_STAY) == 0
                && KernelState.PANICKED.get(memory, kernelAt) == 0;
    }

    /** The last task has ended: Kitten's closing line, then the machine is switched off. */
    private static Resume shutDown(HartPort port, long kernelAt) {
        Console.log(port, kernelAt, Console.INFO, "That's all, folks!");
        port.ecall(Sbi.RESET, 0, 0, 0, 0, 0);
        return Resume.HALT;
    }

    private static Resume panic(HartPort port, long kernelAt) {
        Panic reason = Panic.of(KernelState.PANICKED.get(port.physical(), kernelAt));
        Console.log(port, kernelAt, 0, "Kernel panic: " + reason.message);
        RegisterDump.print(port, kernelAt);
        port.panic("kitten: " + reason.message);
        return Resume.PANIC;
    }
}
