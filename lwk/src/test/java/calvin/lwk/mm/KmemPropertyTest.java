package calvin.lwk.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.lwk.state.KernelState;
import calvin.lwk.state.Panic;
import calvin.sim.state.Block;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kernel heap against what one can demand of any allocator. */
class KmemPropertyTest {
    private static final long KERNEL = 0;
    private static final long TAGS = 4096;
    private static final long POOL = 1 << 16;
    private static final long BYTES = 1 << 18;

    private static Block heap() {
        Block memory = new Block((int) (POOL + BYTES));
        Kmem.init(memory, KERNEL, POOL, BYTES, TAGS);
        return memory;
    }

    private static long panic(Block memory) {
        return KernelState.PANICKED.get(memory, KERNEL);
    }

    @Test
    void blocksAreZeroAlignedApartAndComeBack() {
        for (int seed = 0; seed < 50; seed++) {
            Block memory = heap();
            long random = seed;
            List<long[]> held = new ArrayList<>();
            for (int step = 0; step < 600; step++) {
                random = random * 6364136223846793005L + 1442695040888963407L;
                long choice = random >>> 33;
                if (choice % 3 != 0 || held.isEmpty()) {
                    long bytes = 1 + choice % (choice % 7 == 0 ? 20_000 : 300);
                    long at = Kmem.alloc(memory, KERNEL, bytes);
                    if (at == 0) {
                        continue;
                    }
                    long size = Math.max(32, Long.highestOneBit(2 * bytes - 1));
                    assertEquals(0, (at - POOL) % size, "seed " + seed + ": aligned to its size");
                    assertTrue(at >= POOL && at + size <= POOL + BYTES, "seed " + seed);
                    for (long[] other : held) {
                        assertTrue(at + size <= other[0] || other[0] + other[1] <= at, "seed " + seed + ": overlaps");
                    }
                    for (long i = 0; i < bytes; i++) {
                        assertEquals(0, memory.u8(at + i), "seed " + seed + ": zero");
                        memory.u8(at + i, 0xEE);
                    }
                    held.add(new long[]{at, size, bytes});
                } else {
                    long[] block = held.remove((int) (choice / 3 % held.size()));
                    Kmem.free(memory, KERNEL, block[0], block[2]);
                }
            }
            held.forEach(block -> Kmem.free(memory, KERNEL, block[0], block[2]));
            assertEquals(0, panic(memory), "seed " + seed);
            assertEquals(BYTES, KernelState.KMEM_FREE.get(memory, KERNEL));
            assertEquals(POOL, Kmem.alloc(memory, KERNEL, BYTES), "seed " + seed + ": everything has merged");
        }
    }

    @Test
    void exhaustionFailsCleanly() {
        Block memory = heap();
        int blocks = 0;
        while (Kmem.alloc(memory, KERNEL, 4096) != 0) {
            blocks++;
        }
        assertEquals(BYTES / 4096, blocks);
        assertEquals(0, Kmem.alloc(memory, KERNEL, 1));
        assertEquals(0, panic(memory));
    }

    @Test
    void freeingTwiceIsFound() {
        Block memory = heap();
        long at = Kmem.alloc(memory, KERNEL, 100);
        Kmem.free(memory, KERNEL, at, 100);
        Kmem.free(memory, KERNEL, at, 100);
        assertEquals(Panic.KMEM_BAD_FREE.ordinal(), panic(memory));
    }

    @Test
    void freeingWhatWasNeverABlockIsFound() {
        Block memory = heap();
        long at = Kmem.alloc(memory, KERNEL, 100);
        Kmem.free(memory, KERNEL, at + 32, 100);
        assertEquals(Panic.KMEM_BAD_FREE.ordinal(), panic(memory));
    }

    @Test
    void anyFlippedBitIsHarmlessToTheSimulator() {
        for (int bit = 0; bit < 24 * 8; bit++) {
            Block memory = heap();
            long a = Kmem.alloc(memory, KERNEL, 64);
            long b = Kmem.alloc(memory, KERNEL, 64);
            Kmem.free(memory, KERNEL, a, 64);
            memory.u8(a + bit / 8, memory.u8(a + bit / 8) ^ 1 << bit % 8);
            for (int i = 0; i < 10; i++) {
                Kmem.alloc(memory, KERNEL, 64);
            }
            Kmem.free(memory, KERNEL, b, 64);
        }
    }
}
