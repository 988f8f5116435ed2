package calvin.machine.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The rules of priv 3.7 at a granularity of 4 bytes. */
class PmpTest {
    private static final long BASE = 0x8000_0000L;
    private static final int READ = 1;
    private static final int TOR = 1 << 3;
    private static final int NA4 = 2 << 3;
    private static final int NAPOT = 3 << 3;
    private static final int LOCKED = 1 << 7;
    private static final int S = 1;
    private static final int M = 3;

    private final Pmp pmp = new Pmp(16, false);

    private void entry(int number, long address, int config) {
        pmp.setAddress(number, address);
        long old = pmp.config(number / 8) & ~(0xFFL << 8 * (number % 8));
        pmp.setConfig(number / 8, old | (long) config << 8 * (number % 8));
    }

    private boolean reads(long pa, int bytes, int privilege) {
        return pmp.permits(pa, bytes, Access.READ, privilege);
    }

    @Test
    void withoutAMatchOnlyMachineModeHasAccess() {
        assertTrue(reads(BASE, 8, M));
        assertFalse(reads(BASE, 8, S));
        assertTrue(new Pmp(0, false).permits(BASE, 8, Access.WRITE, S), "no entries at all");
        assertTrue(new Pmp().permits(BASE, 8, Access.EXECUTE, S), "open at reset");
    }

    @Test
    void fourBytesCanBeARegion() {
        entry(0, BASE >> 2, NA4 | READ);
        assertTrue(reads(BASE, 4, S));
        assertFalse(reads(BASE + 4, 1, S));
        assertFalse(reads(BASE, 8, S), "the entry must match all of it");
        assertFalse(reads(BASE, 8, M), "for M mode too, whatever the bits say");
        assertTrue(reads(BASE + 4, 8, M));
        assertFalse(pmp.undivided(BASE + 0x800));
        assertTrue(pmp.undivided(BASE + 0x1000));
    }

    @Test
    void napotRegionsBeginAtEightBytes() {
        entry(0, BASE >> 2, NAPOT | READ);
        assertTrue(reads(BASE, 8, S));
        assertFalse(reads(BASE + 8, 1, S));
        entry(0, BASE >> 2 | 0x1FF, NAPOT | READ);
        assertTrue(reads(BASE + 0xFF8, 8, S));
        assertFalse(reads(BASE + 0x1000, 1, S));
        assertTrue(pmp.undivided(BASE));
    }

    @Test
    void topOfRangeTakesTheEntryBelowAndIsEmptyWhenBackwards() {
        entry(0, BASE + 0x10 >> 2, 0);
        entry(1, BASE + 0x20 >> 2, TOR | READ);
        assertFalse(reads(BASE + 0xC, 4, S));
        assertTrue(reads(BASE + 0x10, 16, S));
        assertFalse(reads(BASE + 0x1C, 8, S));
        entry(0, BASE + 0x20 >> 2, 0);
        assertFalse(reads(BASE + 0x1C, 4, S));
        assertTrue(reads(BASE + 0x1C, 8, M), "an empty region matches nothing");
    }

    @Test
    void theLowestMatchDecidesAndLocksBindMachineMode() {
        entry(0, BASE + 0x100 >> 2, NA4 | LOCKED);
        entry(1, BASE >> 2 | 0x1FF, NAPOT | READ);
        assertFalse(reads(BASE + 0x100, 4, S));
        assertFalse(reads(BASE + 0x100, 4, M));
        assertTrue(reads(BASE + 0x104, 4, S));
        assertFalse(pmp.permits(BASE + 0x104, 4, Access.WRITE, S));
        entry(0, 0, 0);
        assertEquals(BASE + 0x100 >> 2, pmp.address(0));
        assertEquals(NA4 | LOCKED, pmp.config(0) & 0xFF);
        entry(3, 2, TOR | LOCKED);
        pmp.setAddress(2, 77);
        assertEquals(0, pmp.address(2), "the bottom of a locked TOR region");
    }

    @Test
    void writeWithoutReadIsReservedAndKeepsTheEntry() {
        entry(0, 1, NA4 | READ);
        entry(0, 1, NAPOT | 2);
        assertEquals(NA4 | READ, pmp.config(0) & 0xFF);
    }
}
