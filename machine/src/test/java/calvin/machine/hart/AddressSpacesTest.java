package calvin.machine.hart;

import static calvin.machine.hart.Bench.RAM;
import static calvin.machine.hart.Bench.VS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.isa.Csr;
import calvin.machine.mem.HostMemory;
import org.junit.jupiter.api.Test;

/** A TLB whose entries belong to address spaces (ADR 6; priv S, "SFENCE.VMA"; H, "Hypervisor Memory-Management"). */
class AddressSpacesTest {
    private static final long SV39 = 8L << 60;
    /** Two pages that two tables map to different places. */
    private static final long PAGE = 0x4000_0000L;
    private static final long OTHER = 0x4000_1000L;

    private final Bench bench = new Bench();
    private final Hart hart = bench.hart;
    private final HartRouter router = bench.router;

    /** Root of a table that maps {@link #PAGE} and {@link #OTHER} to pages that hold {@code value}. */
    private long table(int number, long value) {
        long root = RAM + 0x10_0000 + number * 0x8000L;
        bench.memory.u64(root + 8, root + 0x1000 >>> 12 << 10 | 1);
        bench.memory.u64(root + 0x1000, root + 0x2000 >>> 12 << 10 | 1);
        for (int i = 0; i < 2; i++) {
            long page = root + 0x3000 + 0x1000 * i;
            bench.memory.u64(root + 0x2000 + 8 * i, page >>> 12 << 10 | 0xD7);
            bench.memory.u64(page, value);
        }
        return root >>> 12;
    }

    private static long satp(long rootPage, int asid) {
        return SV39 | (long) asid << 44 | rootPage;
    }

    private boolean hit(long va) {
        return hart.tlbReadTag[(int) (va >>> 12) & Hart.TLB_ENTRIES - 1] == (va & ~0xFFFL | hart.dataContext);
    }

    /** As an engine does: asks the bus only where the TLB does not hit. */
    private long load(long va) {
        if (hit(va)) {
            return HostMemory.i64(va + hart.tlbAddend[(int) (va >>> 12) & Hart.TLB_ENTRIES - 1]);
        }
        long value = router.load(hart, va, 3);
        assertEquals(-1, hart.trapCause);
        return value;
    }

    @Test
    void aSpaceThatIsUsedAgainFindsItsEntries() {
        long first = satp(table(0, 11), 1);
        long second = satp(table(1, 22), 2);
        bench.mode(Hart.MODE_U);
        bench.poke(Csr.SATP, first);
        assertEquals(11, load(PAGE));
        long generation = hart.translationGeneration;
        bench.poke(Csr.SATP, second);
        assertFalse(hit(PAGE));
        assertEquals(22, load(OTHER));
        bench.poke(Csr.SATP, first);
        assertTrue(hit(PAGE), "nothing was dropped");
        assertFalse(hit(OTHER), "the entry is another space's");
        assertEquals(11, load(OTHER));
        assertEquals(generation, hart.translationGeneration);
        assertTrue(hart.dataContext < 0xF00 && hart.fetchContext < 0xF00);
    }

    @Test
    void whatAnotherSpaceDisplacesComesBackWithoutAWalk() {
        long[] satp = {satp(table(0, 11), 1), satp(table(1, 22), 2)};
        bench.mode(Hart.MODE_U);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 2; i++) {
                bench.poke(Csr.SATP, satp[i]);
                assertEquals(11 * (i + 1), load(PAGE));
                router.store(hart, OTHER + 8, 3, 5 + i);
                assertTrue(hit(PAGE));
            }
        }
        long fills = hart.stats.tlbFills;
        bench.poke(Csr.SATP, satp[0]);
        assertFalse(hit(PAGE));
        assertEquals(11, load(PAGE));
        assertEquals(5, load(OTHER + 8));
        assertEquals(fills, hart.stats.tlbFills, "nothing was walked");
        bench.poke(Csr.SATP, satp[1]);
        assertEquals(6, load(OTHER + 8));
        bench.poke(Csr.SATP, satp[0]);
        // Fences, moved frames and sharing reach what was displaced.
        bench.mode(Hart.MODE_S);
        router.fence(hart, 0, PAGE, 2, true, true);
        router.fence(hart, 0, 0, 3, false, true);
        bench.mode(Hart.MODE_U);
        long page = bench.memory.readHost(RAM + 0x10_0000 + 0x8000 + 0x4000);
        bench.unit.drop(page, true);
        bench.poke(Csr.SATP, satp[1]);
        fills = hart.stats.tlbFills;
        assertEquals(22, load(PAGE));
        assertEquals(fills + 1, hart.stats.tlbFills, "fenced");
        assertEquals(6, load(OTHER + 8));
        assertEquals(fills + 1, hart.stats.tlbFills, "still readable");
        router.store(hart, OTHER + 8, 3, 9);
        assertEquals(fills + 2, hart.stats.tlbFills, "not writable directly");
        bench.poke(Csr.SATP, satp[0]);
        load(OTHER);
        bench.unit.flush();
        fills = hart.stats.tlbFills;
        bench.poke(Csr.SATP, satp[1]);
        assertEquals(9, load(OTHER + 8));
        assertEquals(fills + 1, hart.stats.tlbFills);
    }

    @Test
    void fetchContextsNameTheSpaceToo() {
        bench.poke(Csr.SATP, satp(table(0, 1), 1));
        int machine = hart.fetchContext;
        assertEquals(Hart.MODE_M, machine, "M mode has no space");
        bench.mode(Hart.MODE_S);
        int first = hart.fetchContext;
        bench.poke(Csr.SATP, satp(table(1, 1), 1));
        assertNotEquals(first, hart.fetchContext);
        bench.mode(VS);
        assertNotEquals(first & ~0xFF, hart.fetchContext & ~0xFF, "a guest's is none of the host's");
    }

    @Test
    void fencesDropWhatTheirOperandsName() {
        long first = satp(table(0, 11), 1);
        long second = satp(table(1, 22), 2);
        bench.mode(Hart.MODE_S);
        bench.poke(Csr.MSTATUS, Status.SUM);
        fill(first);
        fill(second);
        router.fence(hart, 0, 0, 1, false, true);
        assertTrue(hit(PAGE) && hit(OTHER), "another ASID");
        router.fence(hart, 0, PAGE, 2, true, true);
        assertFalse(hit(PAGE));
        assertTrue(hit(OTHER), "another address");
        bench.poke(Csr.SATP, first);
        assertFalse(hit(PAGE) || hit(OTHER), "its ASID");
        load(PAGE);
        router.fence(hart, 2, 0, 0, false, false);
        assertTrue(hit(PAGE), "HFENCE.GVMA is for guests");
        long generation = hart.translationGeneration;
        router.fence(hart, 0, 0, 0, false, false);
        assertFalse(hit(PAGE));
        assertNotEquals(generation, hart.translationGeneration);
    }

    private void fill(long satp) {
        bench.poke(Csr.SATP, satp);
        router.load(hart, PAGE, 3);
        hart.tlbReadTag[(int) (OTHER >>> 12) & Hart.TLB_ENTRIES - 1] = OTHER | hart.dataContext;
        hart.tlbReadTag[(int) (PAGE >>> 12) & Hart.TLB_ENTRIES - 1] = PAGE | hart.dataContext;
    }

    @Test
    void guestsAreToldApartByTheirVmid() {
        bench.poke(Csr.MSTATUS, 0);
        bench.poke(Csr.VSATP, satp(table(0, 11), 1));
        bench.poke(Csr.HGATP, 3L << 44);
        bench.mode(VS);
        bench.poke(Csr.VSSTATUS, Status.SUM);
        assertEquals(11, load(PAGE));
        bench.mode(Hart.MODE_S);
        bench.poke(Csr.HGATP, 4L << 44);
        router.fence(hart, 1, 0, 0, false, false);
        router.fence(hart, 2, 0, 4, false, true);
        bench.mode(VS);
        assertFalse(hit(PAGE));
        bench.mode(Hart.MODE_S);
        bench.poke(Csr.HGATP, 3L << 44);
        bench.mode(VS);
        assertTrue(hit(PAGE));
        router.fence(hart, 0, 0, 7, false, true);
        assertTrue(hit(PAGE), "another ASID of the guest's");
        router.fence(hart, 0, 0, 0, false, false);
        assertFalse(hit(PAGE), "the guest's own fence");
        load(PAGE);
        bench.mode(Hart.MODE_S);
        router.fence(hart, 2, 0, 3, false, true);
        bench.mode(VS);
        assertFalse(hit(PAGE));
    }

    @Test
    void theSpaceNotUsedForLongestGivesItsNumberAway() {
        long first = table(0, 11);
        bench.mode(Hart.MODE_U);
        for (int i = 0; i < AddressSpaces.COUNT; i++) {
            bench.poke(Csr.SATP, satp(first, i));
            assertEquals(11, load(PAGE));
        }
        bench.poke(Csr.SATP, satp(first, 0));
        load(PAGE);
        bench.poke(Csr.SATP, satp(table(1, 22), 100));
        assertFalse(hit(PAGE), "it has the number of ASID 1, but not its entries");
        assertEquals(22, load(PAGE));
        bench.poke(Csr.SATP, satp(first, 1));
        assertEquals(11, load(PAGE));
    }
}
