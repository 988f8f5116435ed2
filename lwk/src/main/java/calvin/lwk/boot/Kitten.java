package calvin.lwk.boot;

import calvin.lwk.abi.Signal;
import calvin.lwk.call.Call;
import calvin.lwk.sched.Scheduler;
import calvin.lwk.sched.Timer;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.Panic;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.state.WaitKind;
import calvin.lwk.task.Dispatcher;
import calvin.lwk.task.GuestRunner;
import calvin.lwk.task.Signals;
import calvin.lwk.task.Tasks;
import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.HostedKernel;
import calvin.machine.hosted.Resume;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;
import java.util.Locale;

/**
 * The lightweight kernel. One object serves every hart at HS level and every virtual machine at VS level; all of its
 * state is in memory, from the {@link HartStruct} that {@code sscratch} names.
 *
 * <pre>
 * trap -> system call -> Call          -\
 *      -> interrupt   -> timer, IPI     -> Dispatcher: same task, another one, or idle
 *      -> fault       -> Signals       -/
 *      -> V was 1     -> GuestRunner  -/
 * </pre>
 *
 * <p>Cost: an entry charges {@link #ENTRY_CYCLES} for the instructions between its accesses; entering and every
 * access to memory and registers of the hart is charged by the port.
 */
public final class Kitten implements HostedKernel {
    /** Decoding the cause, finding the handler, branches: instructions of an entry that the port does not charge. */
    private static final int ENTRY_CYCLES = 40;
    private static final int SSCRATCH = Csr.SSCRATCH.number;
    private static final int SCAUSE = Csr.SCAUSE.number;
    private static final int STVAL = Csr.STVAL.number;
    private static final int SIP = Csr.SIP.number;
    private static final int SEPC = Csr.SEPC.number;
    private static final long ECALL = Cause.ECALL_FROM_U.value();
    private static final int BUS_ADRERR = 2;
    private static final int SEGV_MAPERR = 1;
    private static final int ILL_ILLOPC = 1;
    private static final int TRAP_BRKPT = 1;
    private static final int BUS_ADRALN = 1;

    private final GuestRunner runner;

    /** @param runner the hypervisor in this kernel, or null */
    public Kitten(GuestRunner runner) {
        this.runner = runner;
    }

    @Override
    public String name() {
        return "kitten";
    }

    @Override
    public Resume boot(HartPort port) {
        Memory memory = port.physical();
        long argument = port.x(11);
        if (HartStruct.MAGIC.get(memory, argument) == HartStruct.MAGIC_VALUE) {
            StartKernel.enterHart(port, argument);
            return Dispatcher.leave(port, argument, runner);
        }
        String problem = StartKernel.run(port, argument, runner);
        if (problem != null) {
            port.panic("kitten: " + problem);
            return Resume.PANIC;
        }
        return Dispatcher.leave(port, port.csr(SSCRATCH), runner);
    }

    @Override
    public Resume trap(HartPort port) {
        Memory memory = port.physical();
        long hart = port.csr(SSCRATCH);
        if (HartStruct.MAGIC.get(memory, hart) != HartStruct.MAGIC_VALUE) {
            port.panic("kitten: " + Panic.ROOT_CORRUPT.message);
            return Resume.PANIC;
        }
        port.charge(ENTRY_CYCLES);
        HartStruct.TRAPS.set(memory, hart, HartStruct.TRAPS.get(memory, hart) + 1);
        long task = HartStruct.CURRENT.get(memory, hart);
        long cause = port.csr(SCAUSE);
        if (task == 0) {
            fromIdle(port, hart, cause);
        } else if (TaskStruct.MAGIC.get(memory, task) != TaskStruct.MAGIC_VALUE) {
            Panic.raise(memory, HartStruct.ROOT.get(memory, hart), Panic.TASK_CORRUPT);
        } else if (TaskStruct.KIND.get(memory, task) == TaskStruct.KIND_GUEST) {
            fromGuest(port, hart, task, cause);
        } else if (cause == ECALL) {
            Call.dispatch(port, hart, task);
        } else if (cause < 0) {
            interrupt(port, hart, cause);
        } else {
            fault(port, task, cause);
        }
        return Dispatcher.leave(port, hart, runner);
    }

    private static void fromIdle(HartPort port, long hartAt, long cause) {
        if (cause < 0) {
            interrupt(port, hartAt, cause);
        } else {
            Panic.raise(port.physical(), HartStruct.ROOT.get(port.physical(), hartAt), Panic.KERNEL_TRAP);
        }
    }

    private void fromGuest(HartPort port, long hartAt, long taskAt, long cause) {
        Memory memory = port.physical();
        GuestRunner.Next next = runner.exit(port, taskAt);
        switch (next) {
            case RUN -> {
            }
            case YIELD -> Scheduler.mark(memory, hartAt, Scheduler.YIELD);
            case HOST -> interrupt(port, hartAt, cause);
            case WAIT ->
                    Scheduler.blockUntil(memory, taskAt, WaitKind.GUEST, 0, TaskStruct.WAKE_TIME.get(memory, taskAt));
            case ENDED -> Tasks.exit(memory, taskAt, TaskStruct.EXIT_CODE.get(memory, taskAt));
        }
    }

    private static void interrupt(HartPort port, long hartAt, long cause) {
        Memory memory = port.physical();
        if (cause == Cause.SUPERVISOR_TIMER.value()) {
            Timer.fired(memory, hartAt);
        } else if (cause == Cause.SUPERVISOR_SOFTWARE.value()) {
            port.csr(SIP, port.csr(SIP) & ~Cause.SUPERVISOR_SOFTWARE.bit());
        } else {
            Panic.raise(memory, HartStruct.ROOT.get(memory, hartAt), Panic.UNKNOWN_TRAP);
        }
        Scheduler.mark(memory, hartAt, Scheduler.LOOK);
    }

    /** A program's mistake: there is no demand paging, so a page fault is one too. */
    private static void fault(HartPort port, long taskAt, long causeValue) {
        Cause cause = Cause.of(causeValue);
        long value = port.csr(STVAL);
        if (cause == null) {
            Signals.fault(port, taskAt, Signal.SIGILL.number, ILL_ILLOPC, port.csr(SEPC),
                    "trap of unknown cause " + causeValue);
            return;
        }
        String what = String.format(Locale.ROOT, "%s at pc %#x, value %#x",
                cause.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                port.csr(SEPC), value);
        switch (cause) {
            case INSTRUCTION_PAGE_FAULT, LOAD_PAGE_FAULT, STORE_PAGE_FAULT ->
                    Signals.fault(port, taskAt, Signal.SIGSEGV.number, SEGV_MAPERR, value, what);
            case INSTRUCTION_ACCESS_FAULT, LOAD_ACCESS_FAULT, STORE_ACCESS_FAULT, HARDWARE_ERROR ->
                    Signals.fault(port, taskAt, Signal.SIGBUS.number, BUS_ADRERR, value, what);
            case INSTRUCTION_MISALIGNED, LOAD_MISALIGNED, STORE_MISALIGNED ->
                    Signals.fault(port, taskAt, Signal.SIGBUS.number, BUS_ADRALN, value, what);
            case BREAKPOINT -> Signals.fault(port, taskAt, Signal.SIGTRAP.number, TRAP_BRKPT, port.csr(SEPC), what);
            default -> Signals.fault(port, taskAt, Signal.SIGILL.number, ILL_ILLOPC, port.csr(SEPC), what);
        }
    }
}
