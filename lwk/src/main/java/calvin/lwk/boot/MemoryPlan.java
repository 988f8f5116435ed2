package calvin.lwk.boot;

import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.JobStruct;
import calvin.lwk.abi.MemoryStruct;
import calvin.lwk.mm.Kmem;
import calvin.lwk.mm.Pmem;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.PmemType;
import calvin.sim.state.Memory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Divides the memory that the kernel was given. What the boot parameters and images occupy stays; the kernel's own
 * memory is one range,
 *
 * <pre>
 * KernelState (one page) | bitmap of the kernel heap | kernel heap
 * </pre>
 *
 * in the first gap that is large enough; everything else is user memory.
 */
final class MemoryPlan {
    private static final long PAGE = 4096;
    private static final long MIN_KMEM = 1L << 20;
    /** Kitten's default, and the largest share of memory the default takes. */
    private static final long DEFAULT_KMEM = 64L << 20;
    private static final int DEFAULT_SHARE = 8;

    /** A range of memory, its NUMA node, whether it is known to be zero, and its use; null for what is still free. */
    record Range(long start, long end, long node, boolean clean, PmemType type) {}

    private final Memory memory;
    private final long paramsAt;
    private final List<Range> ranges = new ArrayList<>();

    MemoryPlan(Memory memory, long paramsAt) {
        this.memory = memory;
        this.paramsAt = paramsAt;
        long list = BootParams.MEMORY.get(memory, paramsAt);
        for (int i = 0; i < BootParams.MEMORY_COUNT.get(memory, paramsAt); i++) {
            long at = list + (long) i * MemoryStruct.S.sizeBytes();
            long start = MemoryStruct.BASE.get(memory, at);
            ranges.add(new Range(start, start + MemoryStruct.BYTES.get(memory, at), MemoryStruct.NUMA.get(memory, at),
                    (MemoryStruct.FLAGS.get(memory, at) & MemoryStruct.FLAG_ZEROED) != 0, null));
        }
        ranges.sort(Comparator.comparingLong(Range::start));
        reserve(paramsAt, BootParams.BLOCK_BYTES.get(memory, paramsAt), PmemType.BOOTMEM);
        long jobs = BootParams.JOBS.get(memory, paramsAt);
        for (int i = 0; i < BootParams.JOB_COUNT.get(memory, paramsAt); i++) {
            long at = jobs + (long) i * JobStruct.S.sizeBytes();
            reserve(JobStruct.IMAGE.get(memory, at), JobStruct.IMAGE_BYTES.get(memory, at), PmemType.INIT_TASK);
            reserve(JobStruct.INPUT.get(memory, at), JobStruct.INPUT_BYTES.get(memory, at), PmemType.INIT_TASK);
            reserve(JobStruct.CONFIG.get(memory, at), JobStruct.CONFIG_BYTES.get(memory, at), PmemType.INIT_TASK);
        }
    }

    /** Cuts what is still free of [start, start + bytes), in whole pages, out of the free ranges. */
    private void reserve(long start, long bytes, PmemType type) {
        if (bytes <= 0) {
            return;
        }
        long from = start & -PAGE;
        long to = start + bytes + PAGE - 1 & -PAGE;
        List<Range> after = new ArrayList<>();
        for (Range range : ranges) {
            long low = Math.max(range.start, from);
            long high = Math.min(range.end, to);
            if (range.type != null || low >= high) {
                after.add(range);
                continue;
            }
            if (range.start < low) {
                after.add(new Range(range.start, low, range.node, range.clean, null));
            }
            after.add(new Range(low, high, range.node, false, type));
            if (high < range.end) {
                after.add(new Range(high, range.end, range.node, range.clean, null));
            }
        }
        ranges.clear();
        ranges.addAll(after);
    }

    /**
     * Finds a place for the kernel's own memory and begins the kernel heap there.
     *
     * @return the address of the KernelState, or 0 when memory is too small
     */
    long placeKernel(long wantedKmem) {
        long total = ranges.stream().mapToLong(range -> range.end - range.start).sum();
        long wanted = wantedKmem == 0 ? Math.min(DEFAULT_KMEM, total / DEFAULT_SHARE) : wantedKmem;
        for (long kmem = Math.max(MIN_KMEM, Long.highestOneBit(Math.max(1, wanted))); kmem >= MIN_KMEM; kmem >>= 1) {
            long tags = Kmem.tagBytes(kmem) + PAGE - 1 & -PAGE;
            for (Range range : ranges) {
                if (range.type == null && range.end - range.start >= PAGE + tags + kmem) {
                    reserve(range.start, PAGE + tags + kmem, PmemType.KMEM);
                    memory.zero(range.start, PAGE);
                    if (!range.clean) {
                        memory.zero(range.start + PAGE, tags);
                    }
                    KernelState.MAGIC.set(memory, range.start, KernelState.MAGIC_VALUE);
                    KernelState.PARAMS.set(memory, range.start, paramsAt);
                    Kmem.init(memory, range.start, range.start + PAGE + tags, kmem, range.start + PAGE);
                    return range.start;
                }
            }
        }
        return 0;
    }

    /** Enters every range into the list of physical memory. */
    boolean list(long kernelAt) {
        boolean added = true;
        for (Range range : ranges) {
            PmemType type = range.type == null ? PmemType.UMEM : range.type;
            added &= Pmem.add(memory, kernelAt, range.start, range.end, type, range.node, range.type != null,
                    range.clean && range.type == null) == 0;
        }
        return added;
    }

    List<Range> ranges() {
        return List.copyOf(ranges);
    }
}
