package calvin.lwk.sched;

import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.Sbi;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.TaskStruct;
import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/**
 * The one-shot timer of a hart: armed for the end of a turn or the first sleeper, whichever is sooner, and otherwise
 * off.
 */
public final class Timer {
    private static final int STIMECMP = Csr.STIMECMP.number;

    private Timer() {}

    /** The timer interrupt came: what it was armed for has passed. */
    public static void fired(Memory memory, long hartAt) {
        HartStruct.TICKS.set(memory, hartAt, HartStruct.TICKS.get(memory, hartAt) + 1);
        HartStruct.TIMER.set(memory, hartAt, 0);
    }

    /** Arms the timer for what comes next on this hart, if it is not armed for that. */
    public static void arm(HartPort port, long hartAt) {
        Memory memory = port.physical();
        long next = HartStruct.QUANTUM_END.get(memory, hartAt);
        long sleeper = HartStruct.SLEEPERS.get(memory, hartAt);
        if (sleeper != 0) {
            long wake = TaskStruct.WAKE_TIME.get(memory, sleeper);
            next = Long.compareUnsigned(wake, next) < 0 ? wake : next;
        }
        if (next != HartStruct.TIMER.get(memory, hartAt)) {
            HartStruct.TIMER.set(memory, hartAt, next);
            long root = HartStruct.ROOT.get(memory, hartAt);
            if ((KernelState.FLAGS.get(memory, root) & BootParams.FLAG_SSTC) != 0) {
                port.csr(STIMECMP, next);
            } else {
                port.ecall(Sbi.TIME, 0, next, 0, 0, 0);
            }
        }
    }
}
