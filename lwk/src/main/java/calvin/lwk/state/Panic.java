package calvin.lwk.state;

import calvin.sim.state.Memory;

/**
 * Why a kernel gives up: it found its own structures inconsistent. Noted in {@link KernelState#PANICKED}; whoever notes
 * it returns a harmless value, and the entry ends with a panic.
 */
public enum Panic {
    NONE("no panic"),
    ROOT_CORRUPT("the structure of this hart is corrupt"),
    TASK_CORRUPT("the current task's structure is corrupt"),
    ASPACE_CORRUPT("an address space's structure is corrupt"),
    LIST_TOO_LONG("a list does not end"),
    KMEM_CORRUPT("the kernel heap is corrupt"),
    KMEM_BAD_FREE("memory given back to the kernel heap is not a block in use"),
    PMEM_BAD_FREE("physical memory given back was not allocated"),
    PAGE_TABLE_CORRUPT("a page table is corrupt"),
    QUEUE_CORRUPT("a run queue or sleep queue is corrupt"),
    KERNEL_TRAP("a trap came from the kernel itself"),
    UNKNOWN_TRAP("a trap of no known cause"),
    OUT_OF_MEMORY("out of kernel memory while booting"),
    BAD_PARAMETERS("the boot parameters are not those of this kernel"),
    BAD_ACCESS("the kernel touched an address where nothing is");

    private static final Panic[] ALL = values();

    public final String message;

    Panic(String message) {
        this.message = message;
    }

    /** Notes the reason, unless there is one already. */
    public static void raise(Memory memory, long kernelAt, Panic reason) {
        if (KernelState.PANICKED.get(memory, kernelAt) == 0) {
            KernelState.PANICKED.set(memory, kernelAt, reason.ordinal());
        }
    }

    /** The reason of a code read from memory; never fails. */
    public static Panic of(long code) {
        return code >= 0 && code < ALL.length ? ALL[(int) code] : ROOT_CORRUPT;
    }
}
