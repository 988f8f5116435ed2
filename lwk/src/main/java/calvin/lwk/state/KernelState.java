package calvin.lwk.state;

import calvin.lwk.abi.BootParams;
import calvin.sim.state.Struct;
import calvin.sim.state.Struct.Bytes;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.Words;

/**
 * Every root and global word of one kernel. {@code sscratch} of each of its harts holds the address of that hart's
 * {@link HartStruct}, whose first root is this.
 */
public final class KernelState {
    /** "KITTEN_K". */
    public static final long MAGIC_VALUE = 0x4B5F_4E45_5454_494BL;
    /** System call numbers below this are counted in {@link #UNKNOWN_CALLS}. */
    public static final int CALL_NUMBERS = 1024;
    /** Orders of the buddy allocator: block sizes 2^0 to 2^47. */
    public static final int KMEM_ORDERS = 48;
    /** Longest list the kernel walks; a longer one is corrupt. */
    public static final int LIST_BOUND = 1 << 16;

    // @formatter:off
    public static final Struct S = Struct.named("kernel");
    public static final U64 MAGIC         = S.u64("magic", "MAGIC_VALUE, anything else is corruption");
    public static final U64 PARAMS        = S.u64("params", "pa of the BootParams");
    public static final U32 PANICKED      = S.u32("panicked", "0, or the Panic code of why the kernel gave up");
    public static final U32 FLAGS         = S.u32("flags", "BootParams.FLAG_*");
    public static final U64 PMEM          = S.u64("pmem", "pa of the first PmemStruct, ordered by address");
    public static final U64 KMEM          = S.u64("kmem", "pa of the kernel heap");
    public static final U64 KMEM_BYTES    = S.u64("kmem_bytes", "its size, a multiple of the largest block");
    public static final U64 KMEM_FREE     = S.u64("kmem_free", "bytes in free blocks");
    public static final U64 KMEM_TAGS     = S.u64("kmem_tags",
        "pa of the bitmap of the kernel heap: bit n: a free block begins at 32 n");
    public static final U64 HARTS         = S.u64("harts", "pa of the first HartStruct; they follow each other");
    public static final U32 HART_COUNT    = S.u32("hart_count", "number of HartStructs");
    public static final U32 NEXT_HART     = S.u32("next_hart", "index that gets the next task without a place");
    public static final U64 TASKS         = S.u64("tasks", "pa of the first TaskStruct of all, in order of creation");
    public static final U32 LIVE_TASKS    = S.u32("live_tasks", "tasks that have not ended");
    public static final U32 NEXT_ID       = S.u32("next_id",
        "first task or address space id to try; ids are not reused at once");
    public static final U64 ASPACES       = S.u64("aspaces", "pa of the first AspaceStruct, in order of creation");
    public static final U64 TIMEBASE_HZ   = S.u64("timebase_hz", "ticks of the time CSR per second");
    public static final U64 QUANTUM       = S.u64("quantum",
        "ticks of the time CSR a task has while others wait: timebase_hz / sched_hz");
    public static final U64 HEAP_BYTES    = S.u64("heap_bytes", "heap of a task whose job names none: init_heap_size=");
    public static final U64 STACK_BYTES   = S.u64("stack_bytes",
        "stack of a task whose job names none: init_stack_size=");
    public static final U64 RANDOM        = S.u64("random", "counter of the random stream");
    public static final U64 TRAMPOLINE    = S.u64("trampoline",
        "pa of the page with the code that returns from signal handlers");
    public static final U64 RDMA_CARD     = S.u64("rdma_card", "pa of BAR0 of the RDMA card, 0 = none");
    public static final Words UARS        = S.words("uars", 4, "bit n: user access page n is taken");
    public static final U64 INODES        = S.u64("inodes", "pa of the InodeStruct made last");
    public static final U64 CONSOLE       = S.u64("console", "pa of a page in which messages are put together");
    public static final U64 CONSOLE_CHAR  = S.u64("console_char", "0x100 | a byte read ahead from the console, or 0");
    public static final U32 CONSOLE_COLUMN = S.u32("console_column", "0 at the start of a line of the console");
    public static final U32 LAST_CODE     = S.u32("last_code", "exit code of the task that ended last");
    public static final Words UNKNOWN_CALLS = S.words("unknown_calls", CALL_NUMBERS / 64,
        "bit n: call n was reported as missing");
    public static final Words KMEM_LISTS  = S.words("kmem_lists", KMEM_ORDERS,
        "pa of the first free block of 2^n bytes, 0 = none");
    public static final Bytes HOSTNAME    = S.bytes("hostname", BootParams.HOSTNAME_BYTES,
        "what uname says, zero-terminated");
    // @formatter:on
    static {
        S.endsAt(800);
    }

    private KernelState() {}
}
