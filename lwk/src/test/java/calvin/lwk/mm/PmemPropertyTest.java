package calvin.lwk.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.lwk.abi.Errno;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.PmemStruct;
import calvin.lwk.state.PmemType;
import calvin.sim.state.Block;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of physical memory against an array with one entry per page. */
class PmemPropertyTest {
    private static final long KERNEL = 0;
    private static final long POOL = 1 << 16;
    private static final int PAGES = 64;
    private static final long PAGE = 4096;
    /** Physical addresses of the user memory under test: behind the pool. */
    private static final long BASE = 1 << 18;

    private static Block memory() {
        Block memory = new Block((int) (BASE + PAGES * PAGE));
        Kmem.init(memory, KERNEL, POOL, 1 << 16, 4096);
        return memory;
    }

    private static long pa(long page) {
        return BASE + page * PAGE;
    }

    @Test
    void theListIsTheReferenceModel() {
        for (int seed = 0; seed < 40; seed++) {
            Block memory = memory();
            int[] model = new int[PAGES]; // 0 absent, 1 free, 2 allocated
            long random = seed * 77L + 1;
            List<long[]> held = new ArrayList<>();
            for (int step = 0; step < 300; step++) {
                random = random * 6364136223846793005L + 1442695040888963407L;
                int first = (int) (random >>> 40) & 63;
                int count = 1 + ((int) (random >>> 50) & 7);
                switch ((int) (random >>> 60) & 3) {
                    case 0 -> add(memory, model, first, Math.min(PAGES, first + count), seed);
                    case 1 -> del(memory, model, first, Math.min(PAGES, first + count), seed);
                    case 2 -> alloc(memory, model, held, count, 1L << ((int) (random >>> 55) & 3), seed);
                    default -> {
                        if (!held.isEmpty()) {
                            long[] block = held.remove(first % held.size());
                            Pmem.free(memory, KERNEL, block[0], block[1] * PAGE);
                            mark(model, (int) ((block[0] - BASE) / PAGE), (int) block[1], 1);
                        }
                    }
                }
                compare(memory, model, seed);
            }
            assertEquals(0, KernelState.PANICKED.get(memory, KERNEL), "seed " + seed);
        }
    }

    private static void add(Block memory, int[] model, int first, int end, int seed) {
        boolean overlaps = false;
        for (int i = first; i < end; i++) {
            overlaps |= model[i] != 0;
        }
        long got = Pmem.add(memory, KERNEL, pa(first), pa(end), PmemType.UMEM, 0, false, false);
        assertEquals(overlaps ? -Errno.EEXIST : 0, got, "seed " + seed);
        if (!overlaps) {
            mark(model, first, end - first, 1);
        }
    }

    private static void del(Block memory, int[] model, int first, int end, int seed) {
        long expected = 0;
        for (int i = end - 1; i >= first; i--) {
            expected = model[i] == 0 ? -Errno.ENOENT : model[i] == 2 ? -Errno.EBUSY : expected;
        }
        long got = Pmem.del(memory, KERNEL, pa(first), pa(end));
        assertEquals(expected == 0, got == 0, "seed " + seed + ": " + got);
        if (got == 0) {
            mark(model, first, end - first, 0);
        }
    }

    private static void alloc(Block memory, int[] model, List<long[]> held, int count, long alignPages, int seed) {
        long got = Pmem.alloc(memory, KERNEL, count * PAGE, alignPages * PAGE, Pmem.ANY_NODE);
        boolean fits = false;
        for (int i = 0; i + count <= PAGES; i++) {
            boolean free = (pa(i) & alignPages * PAGE - 1) == 0;
            for (int j = i; j < i + count; j++) {
                free &= model[j] == 1;
            }
            fits |= free;
        }
        assertEquals(fits, got > 0, "seed " + seed + ": room for " + count + " pages");
        if (got > 0) {
            int first = (int) ((got - BASE) / PAGE);
            assertEquals(0, got & alignPages * PAGE - 1);
            for (int i = first; i < first + count; i++) {
                assertEquals(1, model[i], "seed " + seed + ": what is given was free");
            }
            for (long i = 0; i < count * PAGE; i += 8) {
                assertEquals(0, memory.u64(got + i), "seed " + seed + ": zero");
                memory.u64(got + i, -1);
            }
            mark(model, first, count, 2);
            held.add(new long[]{got, count});
        }
    }

    private static void mark(int[] model, int first, int count, int value) {
        for (int i = first; i < first + count; i++) {
            model[i] = value;
        }
    }

    private static void compare(Block memory, int[] model, int seed) {
        int[] seen = new int[PAGES];
        long before = 0;
        long at = KernelState.PMEM.get(memory, KERNEL);
        long last = 0;
        while (at != 0) {
            long start = PmemStruct.START.get(memory, at);
            long end = PmemStruct.END.get(memory, at);
            long allocated = PmemStruct.ALLOCATED.get(memory, at);
            assertTrue(start < end && start >= before, "seed " + seed + ": ordered");
            assertTrue(last == 0 || start > before || allocated != PmemStruct.ALLOCATED.get(memory, last)
                    || PmemStruct.CLEAN.get(memory, at) != PmemStruct.CLEAN.get(memory, last),
                    "seed " + seed + ": merged");
            mark(seen, (int) ((start - BASE) / PAGE), (int) ((end - start) / PAGE), allocated == 1 ? 2 : 1);
            before = end;
            last = at;
            at = PmemStruct.NEXT.get(memory, at);
        }
        for (int i = 0; i < PAGES; i++) {
            assertEquals(model[i], seen[i], "seed " + seed + ", page " + i);
        }
    }

    @Test
    void aNodeIsPreferredNotDemanded() {
        Block memory = memory();
        Pmem.add(memory, KERNEL, pa(0), pa(4), PmemType.UMEM, 0, false, true);
        Pmem.add(memory, KERNEL, pa(4), pa(8), PmemType.UMEM, 1, false, true);
        assertEquals(pa(4), Pmem.alloc(memory, KERNEL, 4 * PAGE, PAGE, 1));
        assertEquals(pa(0), Pmem.alloc(memory, KERNEL, PAGE, PAGE, 1));
        assertEquals(-Errno.ENOMEM, Pmem.alloc(memory, KERNEL, 4 * PAGE, PAGE, 1));
    }

    @Test
    void cleanMemoryIsNotClearedAndUsedMemoryIs() {
        Block memory = memory();
        Pmem.add(memory, KERNEL, pa(0), pa(1), PmemType.UMEM, 0, false, true);
        memory.u64(pa(0), 42);
        assertEquals(pa(0), Pmem.alloc(memory, KERNEL, PAGE, PAGE, 0));
        assertEquals(42, memory.u64(pa(0)), "whoever says that memory is clean is believed");
        Pmem.free(memory, KERNEL, pa(0), PAGE);
        Pmem.alloc(memory, KERNEL, PAGE, PAGE, 0);
        assertEquals(0, memory.u64(pa(0)));
    }
}
