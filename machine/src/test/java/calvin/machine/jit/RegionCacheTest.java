package calvin.machine.jit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.isa.Assembler;
import calvin.machine.isa.Decoder;
import calvin.machine.isa.Extension;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegionCacheTest {
    private static final Decoder DECODER = new Decoder(EnumSet.allOf(Extension.class));

    /** A page of code, the rest of it zero, which is illegal. */
    private static PageImage page(String... lines) {
        short[] halves = new short[PageImage.BYTES / 2];
        for (int i = 0; i < lines.length; i++) {
            int word = Assembler.assemble(lines[i]);
            halves[2 * i] = (short) word;
            halves[2 * i + 1] = (short) (word >>> 16);
        }
        return new PageImage(halves);
    }

    private static PageImage counting(int by) {
        return page("addi a0, a0, " + by, "addi a1, a1, -1", "addi a2, a2, 1", "bne a1, zero, .-12", "ecall");
    }

    private static RegionCache cache(int regions, int threshold) {
        return new RegionCache(DECODER, new Tuning(1, 1, threshold, Integer.MAX_VALUE, 400, 6_000, regions, false));
    }

    @Test
    void aPlaceIsTranslatedOnceItIsHotAndOnlyOnce() {
        RegionCache cache = cache(100, 10);
        PageCode code = cache.page(counting(1));
        cache.heat(code, 0, 9);
        assertEquals(0, cache.made());
        assertSame(code, cache.page(counting(1)), "the same content is the same page");
        cache.heat(code, 0, 1);
        assertEquals(1, cache.made());
        cache.heat(code, 0, 1_000);
        assertEquals(1, cache.made());
    }

    @Test
    void theMoreRegionsThereAreTheHotterTheNextMustBe() {
        RegionCache cache = new RegionCache(DECODER, new Tuning(1, 1, 10, 2, 400, 6_000, 100, false));
        for (int i = 1; i <= 4; i++) {
            cache.heat(cache.page(counting(i)), 0, i <= 2 ? 10 : 20);
            assertEquals(i, cache.made());
        }
        cache.heat(cache.page(counting(5)), 0, 29);
        assertEquals(4, cache.made());
        cache.heat(cache.page(counting(5)), 0, 1);
        assertEquals(5, cache.made());
    }

    @Test
    void whatCameFirstIsForgottenAndComesBackWithItsNextRegion() {
        RegionCache cache = cache(2, 1);
        PageCode first = cache.page(counting(1));
        cache.heat(first, 0, 1);
        for (int i = 2; i < 6; i++) {
            cache.heat(cache.page(counting(i)), 0, 1);
            assertTrue(cache.made() - cache.stats().dropped() <= 2, "kept: " + cache.stats());
        }
        assertNotSame(first, cache.page(counting(1)));
        assertEquals(1, first.translations().size(), "who has it keeps it");
    }

    @Test
    void aRegionIsAllThatIsReachableOnThePage() {
        RegionShape shape = BlockFinder.find(DECODER, page("jal ra, .+16", "addi a0, a0, -1", "bne a0, zero, .-8",
                "ecall", "addi a1, a1, 1", "csrrs a2, cycle, zero", "jalr zero, 0(ra)"), 0, List.of(), 400);
        assertEquals(List.of(0, 4, 16, 24), shape.blocks().stream().map(Block::at).toList());
        assertEquals(List.of(0, 4, 16, 24), List.copyOf(shape.entries()), "the loop, where the call returns to, the"
                + " function, and where the interpreter has read the CSR");
        assertTrue(shape.blocks().get(2).leaves(), "the CSR is the interpreter's");
        assertEquals(5, shape.instructions());
    }

    @Test
    void aRegionStaysBelowItsBoundOfBytecode() {
        String[] lines = new String[1000];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "ld a" + i % 8 + ", " + i % 256 * 8 + "(sp)";
        }
        lines[999] = "jal zero, .-2000";
        byte[] all = RegionWriter.write(BlockFinder.find(DECODER, page(lines), 0, List.of(), 50));
        assertTrue(RegionWriter.codeBytes(all) > 1_000);
        RegionCache cache = cache(10, 1);
        cache.heat(cache.page(page(lines)), 0, 1);
        assertEquals(1, cache.made(), "a part of the straight line");
    }
}
