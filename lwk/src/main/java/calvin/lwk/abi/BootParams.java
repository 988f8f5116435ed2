package calvin.lwk.abi;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.Bytes;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/**
 * What whoever starts the kernel tells it. The first hart is entered with its id in x10 and the physical address of
 * this structure in x11.
 *
 * <p>The structure, the lists it points to and the strings lie in one block of {@link #BLOCK_BYTES} that begins with
 * it; the kernel keeps that block as it is. Program images may lie in the block or elsewhere in the memory that the
 * kernel is given. {@link BootParamsWriter} writes it.
 */
public final class BootParams {
    /** "KITTENBP". */
    public static final long MAGIC_VALUE = 0x5042_4E45_5454_494BL;
    public static final long VERSION_VALUE = 1;

    /** The harts have stimecmp (Sstc); otherwise timers go through SBI. */
    public static final int FLAG_SSTC = 1;
    /**
     * Reads of standard input poll the console; otherwise they see the end of file. Ctrl-D (4) at the start of a read
     * is the end of file.
     */
    public static final int FLAG_CONSOLE_INPUT = 2;
    /** The kernel stays when its last task has ended (an enclave that will be given more work). */
    public static final int FLAG_STAY = 4;
    /** No banner, memory map or other messages of priority above "error" on the console. */
    public static final int FLAG_QUIET = 8;

    public static final int HOSTNAME_BYTES = 64;

    // @formatter:off
    public static final Struct S = Struct.named("boot_params");
    public static final U64 MAGIC        = S.u64("magic", "MAGIC_VALUE");
    public static final U32 VERSION      = S.u32("version", "VERSION_VALUE");
    public static final U32 FLAGS        = S.u32("flags", "FLAG_* bits");
    public static final U64 BLOCK_BYTES  = S.u64("block_bytes", "size of the block that begins here");
    public static final U32 KERNEL       = S.u32("kernel", "the kernel's number in the window of hosted kernels");
    public static final U32 MEMORY_COUNT = S.u32("memory_count", "entries of the memory list, at least 1");
    public static final U64 MEMORY       = S.u64("memory", "pa of the memory list, MemoryStruct each");
    public static final U32 HART_COUNT   = S.u32("hart_count", "harts the kernel owns, at least 1");
    public static final U32 JOB_COUNT    = S.u32("job_count", "entries of the job list");
    public static final U64 HARTS        = S.u64("harts",
        "pa of the hart list, a u64 each: hart id | NUMA node << 32; the first one boots");
    public static final U64 JOBS         = S.u64("jobs", "pa of the job list, JobStruct each");
    public static final U64 COMMAND_LINE = S.u64("command_line", "pa of the kernel's options, zero-terminated");
    public static final U64 TIMEBASE_HZ  = S.u64("timebase_hz", "frequency of the time CSR");
    public static final U64 EPOCH        = S.u64("epoch", "CLOCK_REALTIME at time 0, seconds");
    public static final U64 SEED         = S.u64("seed", "of getrandom and AT_RANDOM");
    public static final U64 RDMA_CARD    = S.u64("rdma_card", "pa of the RDMA card's BAR0, 0 = none");
    public static final U32 NODE         = S.u32("node", "number of the node in its experiment");
    public static final U32 IPV4         = S.u32("ipv4", "the node's address, host order, 0 = none");
    public static final Bytes HOSTNAME   = S.bytes("hostname", HOSTNAME_BYTES, "zero-terminated");
    // @formatter:on
    static {
        S.endsAt(176);
    }

    private BootParams() {}
}
