package calvin.lwk.abi;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.Bytes;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/**
 * One thing for the kernel to start: a task from an ELF image, or a guest for the hypervisor in it.
 */
public final class JobStruct {
    public static final int KIND_TASK = 1;
    public static final int KIND_GUEST = 2;
    /** Value of {@link #HART}: the kernel deals the jobs out round robin. */
    public static final long ANY_HART = 0xFFFF_FFFFL;
    public static final int NAME_BYTES = 32;

    // @formatter:off
    public static final Struct S = Struct.named("boot_job");
    public static final U32 KIND         = S.u32("kind", "KIND_TASK or KIND_GUEST");
    public static final U32 HART         = S.u32("hart", "index in the hart list, or ANY_HART");
    public static final U64 IMAGE        = S.u64("image", "TASK: pa of the ELF file");
    public static final U64 IMAGE_BYTES  = S.u64("image_bytes", "TASK: its size");
    public static final U64 ARGV         = S.u64("argv",
        "TASK: pa of the arguments, each zero-terminated, one after the other");
    public static final U64 ENVP         = S.u64("envp", "TASK: pa of the environment, in the same form");
    public static final U32 ARGC         = S.u32("argc", "TASK: number of arguments");
    public static final U32 ENVC         = S.u32("envc", "TASK: number of environment strings");
    public static final U64 HEAP_BYTES   = S.u64("heap_bytes",
        "TASK: heap for brk and mmap, rounded up to 2 MiB; 0 = the default");
    public static final U64 STACK_BYTES  = S.u64("stack_bytes", "TASK: stack, rounded up to 2 MiB; 0 = the default");
    public static final U64 INPUT        = S.u64("input",
        "TASK: pa of the bytes standard input gives, 0 = see FLAG_CONSOLE_INPUT");
    public static final U64 INPUT_BYTES  = S.u64("input_bytes", "TASK: their number");
    public static final U32 UID          = S.u32("uid", "TASK: user");
    public static final U32 GID          = S.u32("gid", "TASK: group");
    public static final U32 RANK         = S.u32("rank", "rank in the parallel job this belongs to");
    public static final U32 FLAGS        = S.u32("flags", "zero");
    public static final U64 CONFIG       = S.u64("config",
        "GUEST: pa of the hypervisor's configuration of the machine");
    public static final U64 CONFIG_BYTES = S.u64("config_bytes", "GUEST: its size");
    public static final Bytes NAME       = S.bytes("name", NAME_BYTES, "for messages, zero-terminated");
    // @formatter:on
    static {
        S.endsAt(144);
    }

    private JobStruct() {}
}
