package calvin.lwk.state;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.Bytes;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.Words;

/** One address space: its regions and page table, and what the tasks in it share (heap, files, signal actions). */
public final class AspaceStruct {
    /** "ASPC". */
    public static final long MAGIC_VALUE = 0x4350_5341L;
    public static final int NAME_BYTES = 32;

    // @formatter:off
    public static final Struct S = Struct.named("aspace");
    public static final U32 MAGIC      = S.u32("magic", "MAGIC_VALUE, anything else is corruption");
    public static final U32 ID         = S.u32("id", "address space id, what getpid returns; also the ASID");
    public static final U64 NEXT       = S.u64("next", "pa of the next address space, 0 = end");
    public static final U64 PAGE_TABLE = S.u64("page_table", "pa of the Sv48 root table");
    public static final U64 REGIONS    = S.u64("regions", "pa of the first RegionStruct, ordered by address");
    public static final U32 TASKS      = S.u32("tasks", "tasks that live in it");
    public static final U32 NUMA       = S.u32("numa", "NUMA node its memory should come from");
    public static final U64 HEAP_START = S.u64("heap_start", "va of the heap region");
    public static final U64 HEAP_END   = S.u64("heap_end", "va of its end");
    public static final U64 BRK        = S.u64("brk", "va of the program break");
    public static final U64 BRK_HIGH   = S.u64("brk_high",
        "highest break so far; the heap from here to mmap_clean is zero");
    public static final U64 MMAP_LOW   = S.u64("mmap_low", "va of the lowest mapping carved from the top of the heap");
    public static final U64 MMAP_CLEAN = S.u64("mmap_clean", "lowest mmap_low so far");
    public static final U64 HOLES      = S.u64("holes",
        "pa of the first HoleStruct: unmapped ranges above mmap_low, ordered");
    public static final U64 FILES      = S.u64("files", "pa of the table of open files, FILE_SLOTS words");
    public static final U64 ACTIONS    = S.u64("actions", "pa of the table of signal actions, ActionStruct each");
    public static final U64 TRAMPOLINE = S.u64("trampoline", "va of the code that returns from signal handlers");
    public static final U64 JOB        = S.u64("job", "pa of the JobStruct it was made for, 0 = none");
    public static final U32 EXIT_CODE  = S.u32("exit_code",
        "of exit_group, the killing signal, or else of the first task");
    public static final U32 EXITING    = S.u32("exiting", "1: every task in it is to end");
    public static final U32 NEXT_HART  = S.u32("next_hart", "index of the hart that gets the next thread");
    public static final U32 RESERVED   = S.u32("reserved", "zero");
    public static final U64 RUN_TICKS  = S.u64("run_ticks", "time that its ended tasks had, in ticks of the time CSR");
    public static final U64 SIGNALS    = S.u64("signals", "bit n-1: signal n is pending for whichever task takes it");
    public static final Words SENDERS  = S.words("senders", ActionStruct.SIGNALS / 2, "as in task");
    public static final Bytes NAME     = S.bytes("name", NAME_BYTES, "zero-terminated");
    // @formatter:on
    static {
        S.endsAt(448);
    }

    private AspaceStruct() {}
}
