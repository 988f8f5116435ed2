package calvin.lwk.state;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.Bytes;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.Words;

/**
 * One context of execution: a thread of a program, or a vcpu. Lives in kernel memory; belongs to one hart for life (a
 * task is never moved behind its back). The registers here are valid while the task is not the hart's current one.
 */
public final class TaskStruct {
    /** "TASK" in the low half of {@link #MAGIC}. */
    public static final long MAGIC_VALUE = 0x4B534154L;
    public static final int KIND_USER = 0;
    /** A vcpu: {@code lwk.task.GuestRunner} acts for it. */
    public static final int KIND_GUEST = 1;
    /** Value of {@link #WAKE_TIME} of a task that no clock wakes. */
    public static final long NEVER = -1L;
    public static final int NAME_BYTES = 32;

    // @formatter:off
    public static final Struct S = Struct.named("task");
    public static final U32 MAGIC       = S.u32("magic", "MAGIC_VALUE, anything else is corruption");
    public static final U32 STATE       = S.u32("state", "TaskState code");
    public static final U32 ID          = S.u32("id",
        "task id, unique in the kernel; the first task's is its aspace's id");
    public static final U32 KIND        = S.u32("kind", "KIND_USER or KIND_GUEST");
    public static final U64 HART        = S.u64("hart", "pa of the HartStruct it belongs to");
    public static final U64 ASPACE      = S.u64("aspace", "pa of its AspaceStruct, 0 for a vcpu");
    public static final U64 NEXT        = S.u64("next", "pa of the next task of the kernel, 0 = end");
    public static final U64 NEXT_READY  = S.u64("next_ready", "pa of the next task in the run queue, 0 = end");
    public static final U64 NEXT_SLEEP  = S.u64("next_sleep", "pa of the next task in the hart's sleep queue, 0 = end");
    public static final U64 WAKE_TIME   = S.u64("wake_time", "ticks of the time CSR, NEVER = not in the sleep queue");
    public static final U32 WAIT_KIND   = S.u32("wait_kind", "WaitKind code: what a waiting task waits for");
    public static final U32 QUEUED      = S.u32("queued", "1 while in the run queue");
    public static final U64 WAIT_KEY    = S.u64("wait_key",
        "physical address of a futex word, va of a siginfo to fill, or 0");
    public static final U64 WAIT_BITS   = S.u64("wait_bits", "futex bit set, or signals waited for");
    public static final U64 PC          = S.u64("pc", "where it goes on");
    public static final U64 SSTATUS     = S.u64("sstatus", "sstatus to return with");
    public static final Words X         = S.words("x", 32, "integer registers, x[0] is unused");
    public static final Words F         = S.words("f", 32, "floating-point registers, raw bits");
    public static final U64 FCSR        = S.u64("fcsr", "frm << 5 | fflags");
    public static final U64 CLEAR_TID   = S.u64("clear_tid",
        "va to clear and wake at exit (set_tid_address), 0 = none");
    public static final U64 ROBUST_LIST = S.u64("robust_list", "va of the list of held robust futexes");
    public static final U64 SIGNAL_MASK = S.u64("signal_mask", "bit n-1: signal n is blocked");
    public static final U64 SIGNALS     = S.u64("signals", "bit n-1: signal n is pending");
    public static final U64 SAVED_MASK  = S.u64("saved_mask", "of sigsuspend: what the mask is again afterwards");
    public static final U32 SUSPENDED   = S.u32("suspended", "1: saved_mask holds");
    public static final U32 RESERVED    = S.u32("reserved", "zero");
    public static final Words SENDERS   = S.words("senders", ActionStruct.SIGNALS / 2,
        "half a word per signal: who sent the pending one: pid, bit 31: by tgkill");
    public static final U64 STACK_VA    = S.u64("stack_va", "alternate signal stack");
    public static final U64 STACK_BYTES = S.u64("stack_bytes", "its size, 0 = none");
    public static final U64 JOB         = S.u64("job", "pa of its JobStruct in the boot parameters, 0 = none");
    public static final U64 GUEST       = S.u64("guest", "owned by the GuestRunner: its structure of this vcpu");
    public static final U64 STARTED     = S.u64("started", "time CSR when it was created");
    public static final U64 LAST_IN     = S.u64("last_in", "time CSR when it last came onto the hart");
    public static final U64 RUN_TICKS   = S.u64("run_ticks",
        "time on the hart until LAST_IN, in ticks of the time CSR");
    public static final U32 EXIT_CODE   = S.u32("exit_code", "exit status, or 128 + signal");
    public static final U32 UID         = S.u32("uid", "user");
    public static final U32 GID         = S.u32("gid", "group");
    public static final U32 RANK        = S.u32("rank", "rank in its job");
    public static final Bytes NAME      = S.bytes("name", NAME_BYTES, "zero-terminated");
    // @formatter:on
    static {
        S.endsAt(1032);
    }

    private TaskStruct() {}
}
