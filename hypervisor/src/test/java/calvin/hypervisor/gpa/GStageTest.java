package calvin.hypervisor.gpa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.hypervisor.vm.VmSpec;
import calvin.sim.seed.Seed;
import calvin.sim.state.Block;
import org.junit.jupiter.api.Test;

final class GStageTest {
    private static final long TABLES = GStage.ROOT_BYTES;
    private static final int POOL = 1 << 20;

    private static long map(Block memory, int mode, long gpa, long pa, long bytes, long largest) {
        return GStage.map(memory, mode, 0, TABLES, POOL, gpa, pa, bytes, GStage.RAM, largest);
    }

    @Test
    void anAlignedGigabyteIsOneEntryOfTheRoot() {
        Block memory = new Block(POOL);
        long next = map(memory, GStage.SV39X4, 0x8000_0000L, 0x1_0000_0000L, 1L << 30, VmSpec.GIGAPAGE);
        assertEquals(TABLES, next, "no table is needed");
        assertEquals(0x1_0000_0000L >>> 12 << 10 | GStage.RAM, memory.u64(8 * 2));
        assertEquals(0x1_2345_6789L, GStage.translate(memory, GStage.SV39X4, 0, 0xA345_6789L));
        assertEquals(-1, GStage.translate(memory, GStage.SV39X4, 0, 0xC000_0000L));
    }

    @Test
    void memoryThatIsNotAlignedToAGigabyteGetsMegapages() {
        Block memory = new Block(POOL);
        long next = map(memory, GStage.SV39X4, 0x8000_0000L, 0x8020_0000L, 64L << 20, VmSpec.GIGAPAGE);
        assertEquals(TABLES + 4096, next, "one table of 2 MiB leaves");
        assertEquals(0x8020_0000L + 0x123_4567, GStage.translate(memory, GStage.SV39X4, 0, 0x8123_4567L));
        assertEquals(-1, GStage.translate(memory, GStage.SV39X4, 0, 0x8000_0000L + (64L << 20)));
    }

    @Test
    void theRootOfSv39x4Reaches2To41() {
        Block memory = new Block(POOL);
        long gpa = (1L << 41) - 4096;
        map(memory, GStage.SV39X4, gpa, 0x9000_0000L, 4096, VmSpec.PAGE);
        assertEquals(0x9000_0ABCL, GStage.translate(memory, GStage.SV39X4, 0, gpa + 0xABC));
        assertEquals(GStage.SV39X4, GStage.modeFor(1L << 41));
        assertEquals(GStage.SV48X4, GStage.modeFor((1L << 41) + 1));
    }

    @Test
    void tablesThatDoNotFitAreReported() {
        Block memory = new Block(POOL);
        long next = GStage.map(memory, GStage.SV39X4, 0, TABLES, TABLES + 4096, 0x8000_0000L, 0, 8L << 20, GStage.RAM,
                VmSpec.PAGE);
        assertTrue(next > TABLES + 4096);
    }

    @Test
    void everyRangeTranslatesAsItsOffsetAndItsTablesFitTheEstimate() {
        long[] leaves = {VmSpec.PAGE, VmSpec.MEGAPAGE, VmSpec.GIGAPAGE};
        for (int round = 0; round < 300; round++) {
            Seed seed = new Seed(7).child("gstage").child(round);
            long unit = leaves[(int) seed.drawBelow(0, 2L)];
            long gpa = seed.drawBelow(1, 1L << 18) * unit;
            long pa = seed.drawBelow(2, 1L << 18) * unit;
            long bytes = (1 + seed.drawBelow(3, 700L)) * unit;
            long largest = leaves[(int) seed.drawBelow(4, 3L)];
            if (bytes / largest > 100_000) {
                continue;
            }
            int mode = (round & 1) == 0 ? GStage.SV39X4 : GStage.SV48X4;
            Block memory = new Block((int) (TABLES + GStage.tablesFor(mode, gpa, pa, bytes, largest)));
            long next = GStage.map(memory, mode, 0, TABLES, memory.sizeBytes(), gpa, pa, bytes, GStage.RAM, largest);
            assertTrue(next <= memory.sizeBytes(), "round " + round + ": estimate too small");
            for (int probe = 0; probe < 20; probe++) {
                long offset = seed.drawBelow(10 + probe, bytes);
                assertEquals(pa + offset, GStage.translate(memory, mode, 0, gpa + offset), "round " + round);
            }
            assertEquals(-1, GStage.translate(memory, mode, 0, gpa + bytes), "round " + round);
        }
    }
}
