package calvin.machine.mem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.sim.state.Pages;
import calvin.sim.state.StateHash;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhysicalMemoryTest {
    private static final long BASE = 0x8000_0000L;
    private static final long FAR = 0x10_0000_0000L;

    private static PhysicalMemory memory() {
        return new PhysicalMemory("m", List.of(new RamRegion(BASE, 8 << 20, 0), new RamRegion(FAR, 3 << 20, 1)));
    }

    /** Writes down what the memory says. */
    private static final class Log implements MemoryWatcher {
        final List<String> lines = new ArrayList<>();

        @Override
        public void frameMoved(long pagePa, long oldHost) {
            lines.add("moved " + Long.toHexString(pagePa));
        }

        @Override
        public void storesWatched(long pagePa, long host) {
            lines.add("watched " + Long.toHexString(pagePa));
        }

        @Override
        public void codeChanged(long pagePa) {
            lines.add("code " + Long.toHexString(pagePa));
        }

        @Override
        public void tablesChanged() {
            lines.add("tables");
        }

        @Override
        public void framesShared() {
            lines.add("shared");
        }

        @Override
        public void allChanged() {
            lines.add("all");
        }
    }

    @Test
    void accessesOfEverySizeAreLittleEndianAndMayCrossPages() {
        PhysicalMemory memory = memory();
        for (long pa : new long[]{BASE, BASE + 3, BASE + 0xFFC, BASE + 0x1F_FFFD, FAR + 0xFFF}) {
            memory.u64(pa, 0x8877_6655_4433_2211L);
            assertEquals(0x8877_6655_4433_2211L, memory.u64(pa));
            assertEquals(0x4433_2211L, memory.u32(pa));
            assertEquals(0x2211, memory.u16(pa));
            assertEquals(0x88, memory.u8(pa + 7));
            byte[] bytes = new byte[10];
            memory.read(pa, bytes, 1, 8);
            assertArrayEquals(new byte[]{0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, (byte) 0x88, 0}, bytes);
        }
    }

    @Test
    void whatIsNotRamReadsZeroAndForgetsWrites() {
        PhysicalMemory memory = memory();
        memory.u64(0x1000, -1);
        memory.u64(BASE + (8 << 20), -1);
        assertEquals(0, memory.u64(0x1000));
        assertEquals(0, memory.u64(BASE + (8 << 20)));
        assertEquals(0, memory.readHost(0));
        assertEquals(0, memory.writeHost(-1));
        assertFalse(memory.isRam(BASE + (8 << 20) - 4, 8));
        assertTrue(memory.isRam(FAR + (3 << 20) - 8, 8));
        assertEquals(1, memory.numaNode(FAR));
        assertEquals(-1, memory.numaNode(0));
    }

    @Test
    void readingAndClearingTouchNothing() {
        PhysicalMemory memory = memory();
        assertEquals(0, memory.u64(BASE + 0x5000));
        memory.zero(BASE, 8 << 20);
        assertEquals(-1, memory.nextPage(0));
        memory.u8(FAR + 0x2_0001, 7);
        assertEquals(FAR + 0x2_0000 >>> 12, memory.nextPage(0));
        assertEquals(1, memory.touchedPages());
    }

    @Test
    void anImageKeepsItsContentsWhateverHappensToTheMemory() {
        PhysicalMemory memory = memory();
        for (int i = 0; i < 600; i++) {
            memory.u64(BASE + i * 4096L, i + 1);
        }
        Pages.PageImage image = memory.share();
        for (int i = 0; i < 600; i++) {
            memory.u64(BASE + i * 4096L, -1);
        }
        memory.u64(FAR, 5);
        PhysicalMemory fork = memory();
        fork.adopt(image);
        memory.close();
        for (int i = 0; i < 600; i++) {
            assertEquals(i + 1, fork.u64(BASE + i * 4096L));
        }
        assertEquals(0, fork.u64(FAR));
        assertEquals(600, fork.touchedPages());
    }

    @Test
    void forksShareFramesUntilTheyWrite() {
        PhysicalMemory memory = memory();
        memory.u64(BASE, 1);
        memory.u64(BASE + 4096, 2);
        Pages.PageImage image = memory.share();
        PhysicalMemory left = memory();
        PhysicalMemory right = memory();
        left.adopt(image);
        right.adopt(image);
        assertEquals(left.readHost(BASE), right.readHost(BASE));
        left.u64(BASE, 10);
        assertNotEquals(left.readHost(BASE), right.readHost(BASE));
        assertEquals(left.readHost(BASE + 4096), right.readHost(BASE + 4096));
        assertEquals(1, right.u64(BASE));
        assertEquals(1, memory.u64(BASE));
        // A second write stays in the page that is now its own.
        long host = left.writeHost(BASE);
        left.u64(BASE + 8, 11);
        assertEquals(host, left.writeHost(BASE));
    }

    @Test
    void recycledFramesComeBackZeroed() {
        for (int round = 0; round < 3; round++) {
            PhysicalMemory memory = memory();
            for (int i = 0; i < 64; i++) {
                assertEquals(0, memory.u64(BASE + i * 4096L + 8));
                memory.u64(BASE + i * 4096L, -1);
                assertEquals(0, memory.u64(BASE + i * 4096L + 8));
                memory.u64(BASE + i * 4096L + 8, -1);
            }
            memory.close();
        }
    }

    @Test
    void absentAndZeroPagesAreOneStateToTheHash() {
        PhysicalMemory memory = memory();
        String empty = StateHash.of(memory);
        memory.u64(BASE, 1);
        assertNotEquals(empty, StateHash.of(memory));
        memory.u64(BASE, 0);
        assertEquals(empty, StateHash.of(memory));
    }

    @Test
    void anImageOfAnotherKindIsCopied() {
        PhysicalMemory memory = memory();
        memory.adopt(new Pages.PageImage() {
            @Override
            public long nextPage(long from) {
                return from <= BASE >>> 12 ? BASE >>> 12 : -1;
            }

            @Override
            public void copyPage(long page, byte[] into) {
                java.util.Arrays.fill(into, (byte) 3);
            }
        });
        assertEquals(0x0303_0303L, memory.u32(BASE + 100));
    }

    @Test
    void theWatcherHearsOfCodeOnceAndOfMovedFramesThatWereGivenOut() {
        PhysicalMemory memory = memory();
        Log log = new Log();
        memory.setWatcher(log);
        memory.u64(BASE, 0x13);
        memory.watchCode(BASE + 8);
        memory.watchCode(BASE + 16);
        assertFalse(memory.storesDirectly(BASE));
        memory.u8(BASE + 100, 1);
        memory.u8(BASE + 101, 1);
        assertTrue(memory.storesDirectly(BASE));
        assertEquals(List.of("watched 80000000", "code 80000000"), log.lines);
        log.lines.clear();
        memory.mapRead(BASE);
        memory.mapRead(BASE + 0x3000);
        memory.share();
        assertFalse(memory.storesDirectly(BASE));
        memory.u8(BASE, 1);
        memory.u8(BASE + 0x3000, 1);
        memory.u8(BASE + 0x4000, 1);
        assertEquals(List.of("shared", "moved 80000000", "moved 80003000"), log.lines);
    }

    @Test
    void pagesWhoseStoresAreWatchedStaySoAfterARestore() {
        PhysicalMemory memory = memory();
        memory.watchStores(BASE + 0x1000);
        memory.u64(BASE + 0x1000, 1);
        memory.adopt(memory.share());
        assertTrue(memory.storesWatched(BASE + 0x1008));
        assertFalse(memory.storesDirectly(BASE + 0x1000));
        assertFalse(memory.storesWatched(BASE + 0x2000));
    }
}
