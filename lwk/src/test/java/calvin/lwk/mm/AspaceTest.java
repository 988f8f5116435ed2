package calvin.lwk.mm;

import static calvin.lwk.abi.Errno.EBUSY;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ENOENT;
import static calvin.lwk.abi.Errno.ENOMEM;
import static calvin.lwk.abi.Errno.ENOTUNIQ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.RegionStruct;
import calvin.sim.state.Block;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Address spaces: the errors of Kitten's calls, page tables as a hart would walk them, and that everything comes back.
 */
class AspaceTest {
    private static final long KERNEL = 0;
    private static final long POOL = 1 << 16;
    private static final long POOL_BYTES = 1 << 19;
    private static final long PAGE = 4096;
    private static final byte[] NAME = {'t'};
    private static final int RW = RegionStruct.READ | RegionStruct.WRITE;

    private final Block memory = new Block(8 << 20);
    private final long aspace;

    AspaceTest() {
        Kmem.init(memory, KERNEL, POOL, POOL_BYTES, 8192);
        aspace = Aspace.create(memory, KERNEL, 2, NAME);
    }

    private long add(long start, long extent, long page, long pa) {
        return Aspace.add(memory, KERNEL, aspace, start, extent, page, pa, RW, NAME);
    }

    @Test
    void impossibleRegionsAreRefused() {
        assertEquals(-EINVAL, add(0, PAGE, PAGE, 0), "start 0");
        assertEquals(-EINVAL, add(PAGE, 0, PAGE, 0), "empty");
        assertEquals(-EINVAL, add(PAGE, -PAGE, PAGE, 0), "negative");
        assertEquals(-EINVAL, add(PAGE, PAGE, 8192, 0), "no such page size");
        assertEquals(-EINVAL, add(PAGE + 1, PAGE, PAGE, 0), "misaligned start");
        assertEquals(-EINVAL, add(PAGE, PAGE + 1, PAGE, 0), "misaligned extent");
        assertEquals(-EINVAL, add(PageTable.PAGE_2M, PageTable.PAGE_2M, PageTable.PAGE_2M, PAGE), "misaligned memory");
        assertEquals(-EINVAL, add(PageTable.USER_END - PAGE, 2 * PAGE, PAGE, 0), "beyond user addresses");
    }

    @Test
    void overlappingRegionsAreRefused() {
        assertEquals(0, add(16 * PAGE, 4 * PAGE, PAGE, 0));
        assertEquals(-ENOTUNIQ, add(19 * PAGE, 4 * PAGE, PAGE, 0));
        assertEquals(-ENOTUNIQ, add(14 * PAGE, 3 * PAGE, PAGE, 0));
        assertEquals(0, add(20 * PAGE, PAGE, PAGE, 0));
        assertEquals(0, add(15 * PAGE, PAGE, PAGE, 0));
    }

    @Test
    void regionsAreDeletedWholeOnly() {
        assertEquals(0, add(16 * PAGE, 4 * PAGE, PAGE, 0x40_0000));
        assertEquals(-EINVAL, Aspace.del(memory, KERNEL, aspace, 16 * PAGE, 2 * PAGE));
        assertEquals(0, Aspace.del(memory, KERNEL, aspace, 16 * PAGE, 4 * PAGE));
        assertEquals(-EINVAL, Aspace.virtToPhys(memory, aspace, 16 * PAGE));
    }

    @Test
    void everyPageSizeTranslates() {
        assertEquals(0, add(3 * PageTable.PAGE_1G, PageTable.PAGE_1G, PageTable.PAGE_1G, 7 * PageTable.PAGE_1G));
        assertEquals(0, add(5 * PageTable.PAGE_2M, 2 * PageTable.PAGE_2M, PageTable.PAGE_2M, 9 * PageTable.PAGE_2M));
        assertEquals(0, add(PAGE, 600 * PAGE, PAGE, 0x1234_5000));
        assertEquals(7 * PageTable.PAGE_1G + 0x1234_5678,
                Aspace.virtToPhys(memory, aspace, 3 * PageTable.PAGE_1G + 0x1234_5678));
        assertEquals(10 * PageTable.PAGE_2M + 5, Aspace.virtToPhys(memory, aspace, 6 * PageTable.PAGE_2M + 5));
        assertEquals(0x1234_5000 + 599 * PAGE, Aspace.virtToPhys(memory, aspace, 600 * PAGE));
        assertEquals(-EINVAL, Aspace.virtToPhys(memory, aspace, 601 * PAGE));
        assertEquals(-EINVAL, Aspace.virtToPhys(memory, aspace, 8));
        assertEquals(-EINVAL, Aspace.virtToPhys(memory, aspace, -8));
    }

    @Test
    void holesLieBetweenRegions() {
        add(16 * PAGE, 4 * PAGE, PAGE, 0);
        add(22 * PAGE, 4 * PAGE, PAGE, 0);
        assertEquals(PAGE, Aspace.findHole(memory, aspace, PAGE, 15 * PAGE, PAGE));
        assertEquals(20 * PAGE, Aspace.findHole(memory, aspace, 16 * PAGE, 2 * PAGE, PAGE));
        assertEquals(26 * PAGE, Aspace.findHole(memory, aspace, 16 * PAGE, 3 * PAGE, PAGE));
        assertEquals(-ENOENT, Aspace.findHole(memory, aspace, 16 * PAGE, PageTable.USER_END, PAGE));
    }

    @Test
    void anAddressSpaceWithTasksIsBusyAndOneWithoutLeavesNothing() {
        add(PAGE, 10 * PAGE, PAGE, 0);
        add(1L << 38, PageTable.PAGE_2M, PageTable.PAGE_2M, 0);
        AspaceStruct.TASKS.set(memory, aspace, 1);
        assertEquals(-EBUSY, Aspace.destroy(memory, KERNEL, aspace));
        AspaceStruct.TASKS.set(memory, aspace, 0);
        assertEquals(0, Aspace.destroy(memory, KERNEL, aspace));
        assertEquals(POOL_BYTES, KernelState.KMEM_FREE.get(memory, KERNEL), "kernel memory came back");
        assertEquals(0, KernelState.PANICKED.get(memory, KERNEL));
    }

    @Test
    void theHeapIsTheReferenceModel() {
        long start = PageTable.PAGE_2M;
        long pages = 512;
        assertEquals(0, add(start, pages * PAGE, PageTable.PAGE_2M, 3 * PageTable.PAGE_2M));
        Heap.init(memory, aspace, start, start + pages * PAGE);
        TreeMap<Long, Long> mapped = new TreeMap<>();
        long random = 99;
        for (int step = 0; step < 4000; step++) {
            random = random * 6364136223846793005L + 1442695040888963407L;
            long size = (1 + (random >>> 40) % 40) * PAGE;
            if ((random >>> 62) != 0 || mapped.isEmpty()) {
                long va = Heap.map(memory, KERNEL, aspace, size);
                if (va == -ENOMEM) {
                    continue;
                }
                assertTrue(va >= start && va + size <= start + pages * PAGE);
                Long below = mapped.floorKey(va);
                Long above = mapped.ceilingKey(va);
                assertTrue(below == null || below + mapped.get(below) <= va, "overlaps what lies below");
                assertTrue(above == null || va + size <= above, "overlaps what lies above");
                long pa = Aspace.virtToPhys(memory, aspace, va);
                for (long i = 0; i < size; i += 512) {
                    assertEquals(0, memory.u64(pa + i), "clean");
                    memory.u64(pa + i, -1);
                }
                mapped.put(va, size);
            }
            if ((random >>> 61 & 3) != 0 && !mapped.isEmpty()) {
                Long victim = mapped.ceilingKey(start + (random >>> 20) % (pages * PAGE));
                victim = victim == null ? mapped.firstKey() : victim;
                assertEquals(0, Heap.unmap(memory, KERNEL, aspace, victim, mapped.remove(victim)));
            }
        }
        mapped.forEach((va, size) -> Heap.unmap(memory, KERNEL, aspace, va, size));
        assertEquals(0, AspaceStruct.HOLES.get(memory, aspace), "all holes have merged");
        assertEquals(start + pages * PAGE, Heap.brk(memory, aspace, start + pages * PAGE),
                "and the break can have it all");
        assertEquals(start + pages * PAGE, Heap.brk(memory, aspace, start + pages * PAGE + 1));
    }
}
