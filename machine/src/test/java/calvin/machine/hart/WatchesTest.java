package calvin.machine.hart;

import static calvin.machine.hart.Bench.RAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages whose bytes are not all alike: watched ones (ADR 8), and those that a border of PMP divides (priv 3.7). */
class WatchesTest {
    private static final long OPEN = (1L << 54) - 1;
    private static final int NA4_NOTHING = 2 << 3;
    private static final int NAPOT_ALL = 3 << 3 | 7;

    private final Bench bench = new Bench();
    private final Hart hart = bench.hart;
    private final HartRouter router = bench.router;
    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void listen() {
        bench.unit.watches().setListener((of, range, kind, va, pa, bytes) -> heard.add(
                (kind == Watches.READ ? "read " : "write ") + Long.toHexString(va) + " " + bytes));
    }

    private boolean inTlb(long va) {
        long tag = va & ~0xFFFL | hart.dataContext;
        int i = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
        return hart.tlbReadTag[i] == tag || hart.tlbWriteTag[i] == tag;
    }

    @Test
    void eachAccessToAWatchedRangeIsHeardAndItsPageStaysOutOfTheTlb() {
        router.store(hart, RAM + 0x100, 3, 1);
        assertTrue(inTlb(RAM));
        Watches.Range range = new Watches.Range(false, RAM + 0x104, 2, Watches.READ | Watches.WRITE);
        bench.unit.watches().add(range);
        assertFalse(inTlb(RAM), "what was there before is gone");
        router.store(hart, RAM + 0x100, 3, 7);
        router.load(hart, RAM + 0x103, 0);
        router.load(hart, RAM + 0x105, 0);
        router.load(hart, RAM + 0x106, 0);
        router.atomic(hart, 0, RAM + 0x104, 2, 5);
        assertEquals(List.of("write 80000100 8", "read 80000105 1", "read 80000104 4", "write 80000104 4"), heard);
        assertEquals(5, bench.memory.u32(RAM + 0x104), "the accesses are done");
        assertFalse(inTlb(RAM));
        router.store(hart, RAM + 0x1000, 3, 1);
        assertTrue(inTlb(RAM + 0x1000));
        assertTrue(bench.unit.watches().remove(range));
        assertFalse(bench.unit.watches().remove(range));
        router.load(hart, RAM + 0x105, 0);
        assertTrue(inTlb(RAM));
        assertEquals(4, heard.size());
    }

    @Test
    void accessesAcrossPagesAreHeardByTheirParts() {
        bench.unit.watches().add(new Watches.Range(true, RAM + 0x1000, 1, Watches.WRITE));
        router.store(hart, RAM + 0xFFE, 2, -1);
        router.load(hart, RAM + 0xFFE, 2);
        assertEquals(List.of("write 80001000 2"), heard);
    }

    @Test
    void aForbiddenAccessIsNotHeard() {
        bench.unit.watches().add(new Watches.Range(false, 0, 8, Watches.READ));
        router.load(hart, 0, 3);
        assertEquals(Cause.LOAD_ACCESS_FAULT, bench.fault());
        router.load(hart, RAM - 8, 3);
        assertEquals(Cause.LOAD_ACCESS_FAULT, bench.fault());
        assertTrue(heard.size() <= 1);
    }

    private void forbid(long pa) {
        bench.poke(Csr.PMPADDR, 0);
        router.csr(hart, Csr.PMPADDR.number, 1, pa >> 2, false, true);
        router.csr(hart, Csr.PMPADDR.number + 1, 1, OPEN, false, true);
        router.csr(hart, Csr.PMPCFG.number, 1, NA4_NOTHING | NAPOT_ALL << 8, false, true);
    }

    @Test
    void aBorderInsideAPageIsAskedAboutAtEachAccess() {
        forbid(RAM + 0x100);
        bench.mode(Hart.MODE_S);
        assertEquals(0, router.load(hart, RAM + 0x104, 3));
        assertFalse(inTlb(RAM), "the next access may hit the forbidden bytes");
        router.load(hart, RAM + 0x102, 0);
        assertEquals(Cause.LOAD_ACCESS_FAULT, bench.fault());
        router.store(hart, RAM + 0xFC, 3, 1);
        assertEquals(Cause.STORE_ACCESS_FAULT, bench.fault());
        router.load(hart, RAM + 0xFD, 2);
        assertEquals(Cause.LOAD_ACCESS_FAULT, bench.fault());
        router.cacheBlock(hart, 4, RAM + 0x13F);
        assertNotEquals(null, bench.fault());
        router.load(hart, RAM + 0x1000, 3);
        assertTrue(inTlb(RAM + 0x1000));
    }

    @Test
    void instructionsOfADividedPageAreAskedAboutOneByOne() {
        bench.memory.u32(RAM + 0xFE, 0x0000_0013);
        forbid(RAM + 0x100);
        bench.mode(Hart.MODE_S);
        hart.pc = RAM + 0xF8;
        hart.deadline = 1000;
        long generation = hart.translationGeneration;
        assertEquals(RAM + 0xF8, router.fetchPa(hart, hart.pc));
        assertEquals(hart.cycle + 1, hart.deadline);
        assertNotEquals(generation, hart.translationGeneration);
        hart.pc = RAM + 0xFE;
        router.fetchPa(hart, hart.pc);
        assertEquals(RAM + 0x100, hart.trapValue, "the half that is forbidden");
        assertEquals(Cause.INSTRUCTION_ACCESS_FAULT, bench.fault());
        hart.pc = RAM + 0x100;
        router.fetchPa(hart, hart.pc);
        assertEquals(Cause.INSTRUCTION_ACCESS_FAULT, bench.fault());
        hart.pc = RAM + 0x104;
        assertEquals(hart.pc, router.fetchPa(hart, hart.pc));
    }
}
