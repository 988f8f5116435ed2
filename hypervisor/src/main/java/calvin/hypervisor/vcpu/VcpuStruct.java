package calvin.hypervisor.vcpu;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.Words;

/**
 * A virtual core. x, f, fcsr, sepc and sstatus of the guest are not here: the host saves them with the task that the
 * virtual core is, as it does for any task. What only a guest has is here while the virtual core is not on a hart, and
 * in the hart's own registers while it is.
 */
public final class VcpuStruct {
    /** "V3VCPU" in little-endian order. */
    public static final long MAGIC_VALUE = 0x5550_4356_3356L;
    public static final int MAX_REASONS = 32;

    public static final Struct S = Struct.named("vcpu");
    public static final U64 MAGIC = S.u64("magic", "MAGIC_VALUE");
    public static final U64 VM = S.u64("vm", "pa of the VmStruct");
    public static final U32 NUMBER = S.u32("number", "hart number that the guest sees");
    public static final U32 ON_HART = S.u32("on_hart", "1 while its registers are those of a hart");
    public static final U64 TASK = S.u64("task", "the host's name for the task that this virtual core is");
    public static final Words CSRS = S.words("csrs", WorldSwitch.COUNT,
            "guest's control registers, by place in WorldSwitch's table");
    public static final U64 HOST_SCOUNTEREN = S.u64("host_scounteren",
            "the host's value while the guest is on the hart");
    public static final U64 HOST_SENVCFG = S.u64("host_senvcfg", "the host's value while the guest is on the hart");
    public static final U64 BOOT_PC = S.u64("boot_pc", "first pc of the guest");
    public static final U64 BOOT_A0 = S.u64("boot_a0", "first a0");
    public static final U64 BOOT_A1 = S.u64("boot_a1", "first a1");
    public static final U64 WAKE_TIME = S.u64("wake_time",
            "time CSR of the host at which a wait ends; all ones for never");
    public static final U64 EXITS = S.u64("exits", "all exits so far");
    public static final U64 HYPERVISOR_CYCLES = S.u64("hypervisor_cycles", "cycles spent on handling them");
    public static final Words COUNTS = S.words("counts", MAX_REASONS, "exits by ExitReason");
    public static final Words CYCLES = S.words("cycles", MAX_REASONS, "cycles spent on handling them, by ExitReason");

    static {
        S.endsAt(768);
    }

    private VcpuStruct() {}
}
