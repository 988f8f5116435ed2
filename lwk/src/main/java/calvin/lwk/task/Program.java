package calvin.lwk.task;

import static calvin.lwk.mm.PageTable.PAGE_2M;
import static calvin.lwk.mm.PageTable.PAGE_4K;

import calvin.lwk.abi.JobStruct;
import calvin.lwk.mm.Aspace;
import calvin.lwk.mm.Heap;
import calvin.lwk.mm.PageTable;
import calvin.lwk.mm.Pmem;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.RegionStruct;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import calvin.machine.elf.ElfSegment;
import calvin.sim.state.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Puts a program into an address space. Everything is below 512 GiB, one slot of the top-level page table:
 *
 * <pre>
 * 0x1_0000 or as linked   image, 4 KiB pages (2 MiB within segments of 4 MiB and more)
 * next 2 MiB (or 1 GiB)   heap: brk from the bottom, mmap from the top; 2 MiB pages (1 GiB when it is that large)
 * behind the heap         device pages
 * STACK_TOP - stack - 64K trampoline: returns from signal handlers, 4 KiB
 * STACK_TOP - stack       stack, 2 MiB pages
 * STACK_TOP = 512 GiB
 * </pre>
 */
final class Program {
    static final long STACK_TOP = 1L << 39;
    /**
     * Where a position-independent program is put: as static-pie programs of other kernels, away from 0, at a 2 MiB
     * boundary.
     */
    static final long PIE_BASE = PAGE_2M;
    /** Distance of the trampoline from the stack. */
    static final long TRAMPOLINE_GAP = 64 << 10;
    private static final int MAX_IMAGE_BYTES = 1 << 30;
    private static final byte[] HEAP_NAME = name("heap");
    private static final byte[] STACK_NAME = name("stack");
    private static final byte[] IMAGE_NAME = name("image");
    private static final byte[] TRAMPOLINE_NAME = name("trampoline");

    /**
     * A loaded program.
     *
     * @param entry     va of the first instruction
     * @param headersVa va of the program headers, 0 if no segment holds them
     */
    record Loaded(long entry, long headersVa, int headerBytes, int headerCount, long stackStart) {}

    /** Why a program cannot be started; the message is for the user. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** Whole pages with one set of rights. */
    private record Span(long start, long end, int rights) {}

    private Program() {}

    static Loaded load(Memory memory, long kernelAt, long aspaceAt, long jobAt) throws Refused {
        long imageBytes = JobStruct.IMAGE_BYTES.get(memory, jobAt);
        if (imageBytes <= 0 || imageBytes > MAX_IMAGE_BYTES) {
            throw new Refused("its image has " + imageBytes + " bytes");
        }
        byte[] file = new byte[(int) imageBytes];
        memory.read(JobStruct.IMAGE.get(memory, jobAt), file, 0, file.length);
        ElfFile elf;
        try {
            elf = ElfFile.parse(file);
        } catch (ElfException e) {
            throw new Refused(e.getMessage());
        }
        long bias = elf.positionIndependent() ? PIE_BASE : 0;
        long end = loadImage(memory, kernelAt, aspaceAt, elf, bias);
        loadHeap(memory, kernelAt, aspaceAt, end, JobStruct.HEAP_BYTES.get(memory, jobAt));
        long stackStart = loadStack(memory, kernelAt, aspaceAt, JobStruct.STACK_BYTES.get(memory, jobAt));
        add(memory, kernelAt, aspaceAt, stackStart - TRAMPOLINE_GAP, PAGE_4K, PAGE_4K,
                KernelState.TRAMPOLINE.get(memory, kernelAt),
                RegionStruct.READ | RegionStruct.EXEC, TRAMPOLINE_NAME);
        AspaceStruct.TRAMPOLINE.set(memory, aspaceAt, stackStart - TRAMPOLINE_GAP);
        return new Loaded(elf.entry() + bias, headersVa(elf, bias), elf.headerBytes(), elf.headerCount(), stackStart);
    }

    private static long loadImage(Memory memory, long kernelAt, long aspaceAt, ElfFile elf, long bias) throws Refused {
        for (ElfSegment segment : elf.segments()) {
            if (segment.va() + bias < PAGE_4K || segment.endVa() + bias > STACK_TOP / 2) {
                throw new Refused("a segment lies at 0x" + Long.toHexString(segment.va())
                        + "; programs must be linked between 4 KiB and 256 GiB");
            }
        }
        long end = 0;
        for (Span span : spans(elf, bias)) {
            long bytes = span.end - span.start;
            long alignment = bytes >= 2 * PAGE_2M ? PAGE_2M : PAGE_4K;
            long skew = span.start & alignment - 1;
            long block = Pmem.alloc(memory, kernelAt, skew + bytes, alignment, AspaceStruct.NUMA.get(memory, aspaceAt));
            if (block < 0) {
                throw new Refused("no " + bytes + " bytes of contiguous memory for its image");
            }
            if (skew > 0) {
                Pmem.free(memory, kernelAt, block, skew);
            }
            mapSpan(memory, kernelAt, aspaceAt, span, block + skew, alignment);
            for (ElfSegment segment : elf.segments()) {
                long va = segment.va() + bias;
                if (va >= span.start && va < span.end) {
                    memory.write(block + skew + va - span.start, elf.bytes(), segment.fileOffset(),
                            segment.fileBytes());
                }
            }
            end = span.end;
        }
        return end;
    }

    /** Maps a span with pages of {@code alignment} bytes in its middle and small ones at its ends. */
    private static void mapSpan(Memory memory, long kernelAt, long aspaceAt, Span span, long pa, long alignment)
            throws Refused {
        long flags = span.rights | RegionStruct.OWNED;
        long first = Math.min(span.end, span.start + alignment - 1 & -alignment);
        long last = Math.max(first, span.end & -alignment);
        add(memory, kernelAt, aspaceAt, span.start, first - span.start, PAGE_4K, pa, flags, IMAGE_NAME);
        add(memory, kernelAt, aspaceAt, first, last - first, alignment, pa + first - span.start, flags, IMAGE_NAME);
        add(memory, kernelAt, aspaceAt, last, span.end - last, PAGE_4K, pa + last - span.start, flags, IMAGE_NAME);
    }

    /** Segments as whole pages, by address; segments that share a page become one span with the rights of both. */
    private static List<Span> spans(ElfFile elf, long bias) {
        List<ElfSegment> segments = new ArrayList<>(elf.segments());
        segments.sort(Comparator.comparingLong(ElfSegment::va));
        List<Span> spans = new ArrayList<>();
        for (ElfSegment segment : segments) {
            if (segment.memoryBytes() == 0) {
                continue;
            }
            long start = segment.va() + bias & -PAGE_4K;
            long end = segment.endVa() + bias + PAGE_4K - 1 & -PAGE_4K;
            int rights = (segment.readable() ? RegionStruct.READ : 0) | (segment.writable() ? RegionStruct.WRITE : 0)
                    | (segment.executable() ? RegionStruct.EXEC : 0);
            if (!spans.isEmpty() && spans.getLast().end > start) {
                Span before = spans.removeLast();
                spans.add(new Span(before.start, Math.max(before.end, end), before.rights | rights));
            } else {
                spans.add(new Span(start, end, rights));
            }
        }
        return spans;
    }

    private static void loadHeap(Memory memory, long kernelAt, long aspaceAt, long imageEnd, long wanted)
            throws Refused {
        long size = wanted == 0 ? KernelState.HEAP_BYTES.get(memory, kernelAt) : wanted;
        long page = size >= PageTable.PAGE_1G ? PageTable.PAGE_1G : PAGE_2M;
        long bytes = size + page - 1 & -page;
        long pa = Pmem.alloc(memory, kernelAt, bytes, page, AspaceStruct.NUMA.get(memory, aspaceAt));
        if (pa < 0 && page != PAGE_2M) {
            page = PAGE_2M;
            bytes = size + page - 1 & -page;
            pa = Pmem.alloc(memory, kernelAt, bytes, page, AspaceStruct.NUMA.get(memory, aspaceAt));
        }
        if (pa < 0) {
            throw new Refused("no " + bytes + " bytes of contiguous memory for its heap");
        }
        long start = imageEnd + page - 1 & -page;
        add(memory, kernelAt, aspaceAt, start, bytes, page, pa,
                RegionStruct.READ | RegionStruct.WRITE | RegionStruct.HEAP | RegionStruct.OWNED, HEAP_NAME);
        Heap.init(memory, aspaceAt, start, start + bytes);
    }

    private static long loadStack(Memory memory, long kernelAt, long aspaceAt, long wanted) throws Refused {
        long bytes = (wanted == 0 ? KernelState.STACK_BYTES.get(memory, kernelAt) : wanted) + PAGE_2M - 1 & -PAGE_2M;
        long pa = Pmem.alloc(memory, kernelAt, bytes, PAGE_2M, AspaceStruct.NUMA.get(memory, aspaceAt));
        if (pa < 0) {
            throw new Refused("no " + bytes + " bytes of contiguous memory for its stack");
        }
        add(memory, kernelAt, aspaceAt, STACK_TOP - bytes, bytes, PAGE_2M, pa,
                RegionStruct.READ | RegionStruct.WRITE | RegionStruct.OWNED, STACK_NAME);
        return STACK_TOP - bytes;
    }

    private static void add(Memory memory, long kernelAt, long aspaceAt, long start, long bytes, long page, long pa,
            long flags, byte[] name)
            throws Refused {
        if (bytes == 0) {
            return;
        }
        long error = Aspace.add(memory, kernelAt, aspaceAt, start, bytes, page, pa, flags, name);
        if (error != 0) {
            if ((flags & RegionStruct.OWNED) != 0) {
                Pmem.free(memory, kernelAt, pa, bytes);
            }
            throw new Refused("its " + new String(name, StandardCharsets.US_ASCII) + " at 0x" + Long.toHexString(start)
                    + " cannot be mapped (error "
                    + -error + ")");
        }
    }

    private static long headersVa(ElfFile elf, long bias) {
        for (ElfSegment segment : elf.segments()) {
            long inside = elf.headersOffset() - segment.fileOffset();
            if (inside >= 0 && inside + (long) elf.headerBytes() * elf.headerCount() <= segment.fileBytes()) {
                return segment.va() + bias + inside;
            }
        }
        return 0;
    }

    private static byte[] name(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
