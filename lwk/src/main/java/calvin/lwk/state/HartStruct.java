package calvin.lwk.state;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/** What the kernel knows about one of its harts; {@code sscratch} points to it. */
public final class HartStruct {
    /** "KHRT". */
    public static final long MAGIC_VALUE = 0x5452_484BL;
    public static final int OFFLINE = 0;
    public static final int ONLINE = 1;
    public static final int HALTED = 2;

    // @formatter:off
    public static final Struct S = Struct.named("hart");
    public static final U32 MAGIC       = S.u32("magic", "MAGIC_VALUE, anything else is corruption");
    public static final U32 STATE       = S.u32("state", "OFFLINE, ONLINE or HALTED");
    public static final U64 ROOT        = S.u64("root", "pa of the KernelState");
    public static final U64 CURRENT     = S.u64("current", "pa of the task on the hart, 0 = idle");
    public static final U64 READY_HEAD  = S.u64("ready_head", "pa of the first task of the run queue, 0 = empty");
    public static final U64 READY_TAIL  = S.u64("ready_tail", "pa of the last one");
    public static final U64 SLEEPERS    = S.u64("sleepers", "pa of the task to wake first, ordered by wake time");
    public static final U64 QUANTUM_END = S.u64("quantum_end",
        "time at which the current task's turn ends, NEVER = it is alone");
    public static final U64 TIMER       = S.u64("timer", "time the timer is armed for, NEVER = disarmed");
    public static final U64 SATP        = S.u64("satp", "value in satp");
    public static final U64 FP_OWNER    = S.u64("fp_owner",
        "pa of the task whose values the f registers hold, 0 = nobody's");
    public static final U64 HART_ID     = S.u64("hart_id", "the machine's number of the hart");
    public static final U32 INDEX       = S.u32("index", "number within the kernel");
    public static final U32 RESCHEDULE  = S.u32("reschedule", "1: look at the run queue before going on");
    public static final U32 NUMA        = S.u32("numa", "NUMA node its tasks get memory from");
    public static final U32 RESERVED    = S.u32("reserved", "zero");
    public static final U64 TRAPS       = S.u64("traps", "entries by a trap");
    public static final U64 CALLS       = S.u64("calls", "system calls");
    public static final U64 TICKS       = S.u64("ticks", "timer interrupts");
    public static final U64 SWITCHES    = S.u64("switches", "changes of the task on the hart");
    // @formatter:on
    static {
        S.endsAt(136);
    }

    private HartStruct() {}
}
