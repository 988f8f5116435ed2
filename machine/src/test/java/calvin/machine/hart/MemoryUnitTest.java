package calvin.machine.hart;

import static calvin.machine.hart.Bench.DEVICE;
import static calvin.machine.hart.Bench.RAM;
import static calvin.machine.hart.Bench.VS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.mem.HostMemory;
import calvin.machine.mem.MemoryWatcher;
import org.junit.jupiter.api.Test;

class MemoryUnitTest {
    private final Bench bench = new Bench();
    private final Hart hart = bench.hart;
    private final HartRouter router = bench.router;

    private int entry(long va) {
        return (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
    }

    private boolean readHit(long va) {
        return hart.tlbReadTag[entry(va)] == (va & ~0xFFFL | hart.dataContext);
    }

    private boolean writeHit(long va) {
        return hart.tlbWriteTag[entry(va)] == (va & ~0xFFFL | hart.dataContext);
    }

    @Test
    void aMissFillsTheTlbWithTheFramesAddress() {
        router.store(hart, RAM + 0x123, 3, 0x1122_3344_5566_7788L);
        assertTrue(writeHit(RAM) && readHit(RAM));
        assertEquals(0x1122_3344_5566_7788L, HostMemory.i64(RAM + 0x123 + hart.tlbAddend[entry(RAM)]));
        assertEquals(0x88, router.load(hart, RAM + 0x123, 0));
    }

    @Test
    void aPageThatWasOnlyReadIsNotWrittenDirectly() {
        assertEquals(0, router.load(hart, RAM + 0x5000, 3));
        assertTrue(readHit(RAM + 0x5000));
        assertFalse(writeHit(RAM + 0x5000), "it shares the frame of zeros");
    }

    @Test
    void accessesMayCrossPagesAndStoresAreWholeOrNotAtAll() {
        router.store(hart, RAM + 0xFFD, 3, 0x1122_3344_5566_7788L);
        assertEquals(0x1122_3344_5566_7788L, router.load(hart, RAM + 0xFFD, 3));
        assertEquals(0x6677_88, bench.memory.u32(RAM + 0xFFD) & 0xFF_FFFF);
        long end = RAM + (16 << 20);
        router.store(hart, end - 3, 3, -1L);
        assertEquals(Cause.STORE_ACCESS_FAULT, bench.fault());
        assertEquals(0, bench.memory.u16(end - 3));
        router.load(hart, end - 3, 3);
        assertEquals(end, hart.trapValue, "the address of the part that failed");
        assertEquals(Cause.LOAD_ACCESS_FAULT, bench.fault());
    }

    @Test
    void devicesAreReachedAndCost() {
        hart.deadline = 1000;
        router.store(hart, DEVICE + 8, 2, 0xFFFF_FFFF_8000_0001L);
        assertEquals(CostTable.DEFAULT.deviceAccess(), hart.cycle);
        assertEquals(0, hart.deadline, "the store may have armed an event");
        assertEquals(0x8000_0001L, router.load(hart, DEVICE + 8, 2));
        assertEquals(0, router.load(hart, DEVICE + 16, 3), "not declared");
        assertEquals(1, bench.bus.undeclaredAccesses());
        router.load(hart, DEVICE + 9, 2);
        assertEquals(Cause.LOAD_ACCESS_FAULT, bench.fault());
        router.atomic(hart, 0, DEVICE + 8, 2, 1);
        assertEquals(Cause.STORE_ACCESS_FAULT, bench.fault());
        router.store(hart, 0x3000_0000L, 2, 1);
        assertEquals(Cause.STORE_ACCESS_FAULT, bench.fault());
        assertTrue(router.fetchPa(hart, DEVICE) < 0);
        assertEquals(Cause.INSTRUCTION_ACCESS_FAULT, bench.fault());
    }

    @Test
    void reservationsBindLoadAndStore() {
        bench.memory.u64(RAM + 8, -5L);
        assertEquals(-5L, router.loadReserved(hart, RAM + 8, 2));
        assertEquals(0, router.storeConditional(hart, RAM + 8, 2, 7));
        assertEquals(7, bench.memory.u32(RAM + 8));
        assertEquals(1, router.storeConditional(hart, RAM + 8, 2, 9), "the reservation is gone");
        router.loadReserved(hart, RAM + 8, 3);
        assertEquals(1, router.storeConditional(hart, RAM + 16, 3, 9), "another doubleword");
        assertEquals(7, bench.memory.u32(RAM + 8));
        router.loadReserved(hart, RAM + 4, 3);
        assertEquals(Cause.LOAD_MISALIGNED, bench.fault());
        router.storeConditional(hart, RAM + 4, 3, 0);
        assertEquals(Cause.STORE_MISALIGNED, bench.fault());
    }

    @Test
    void atomicsCombineAsTheManualSays() {
        long[][] cases = {
            // funct5, size, old, operand, new
            {0, 2, 0x7FFF_FFFF, 1, 0x8000_0000L}, {1, 3, 1, 2, 2}, {4, 3, 6, 3, 5}, {8, 3, 6, 3, 7}, {12, 3, 6, 3, 2},
            {16, 2, 0xFFFF_FFFFL, 1, 0xFFFF_FFFFL}, {20, 2, 0xFFFF_FFFFL, 1, 1}, {24, 2, 0xFFFF_FFFFL, 1, 1},
            {28, 2, 0xFFFF_FFFFL, 1, 0xFFFF_FFFFL}, {16, 3, -1, 1, -1}, {28, 3, -1, 1, -1},
        };
        for (long[] one : cases) {
            bench.memory.u64(RAM, one[2]);
            long old = router.atomic(hart, (int) one[0], RAM, (int) one[1], one[3]);
            assertEquals(one[1] == 2 ? (int) one[2] : one[2], old);
            assertEquals(one[4], one[1] == 2 ? bench.memory.u32(RAM) : bench.memory.u64(RAM), "funct5 " + one[0]);
        }
    }

    @Test
    void translationFollowsModeAndFence() {
        long root = RAM + 0x10_0000;
        long pte = root + 8 * 2;
        bench.memory.u64(pte, RAM >>> 12 << 10 | 0xC7);
        bench.poke(Csr.SATP, 8L << 60 | root >>> 12);
        bench.mode(Hart.MODE_S);
        bench.memory.u64(RAM, 42);
        assertEquals(42, router.load(hart, 0x8000_0000L, 3));
        bench.memory.u64(pte, 0);
        assertTrue(readHit(0x8000_0000L), "the TLB may keep it until the fence");
        router.fence(hart, 0, 0x8010_0000L, 0, true, false);
        router.load(hart, 0x8000_0000L, 3);
        assertEquals(Cause.LOAD_PAGE_FAULT, bench.fault(), "a fence of one address covers the superpage around it");
        bench.mode(Hart.MODE_M);
        assertEquals(42, router.load(hart, 0x8000_0000L, 3));
    }

    @Test
    void theTlbFollowsStoresToPageTablesSoDroppingItIsInvisible() {
        bench.memory.setWatcher(new Forgetful());
        long root = RAM + 0x10_0000;
        long pte = root + 8 * 2;
        bench.memory.u64(pte, RAM >>> 12 << 10 | 0x0F);
        bench.poke(Csr.SATP, 8L << 60 | root >>> 12);
        bench.mode(Hart.MODE_S);
        router.store(hart, RAM, 3, 1);
        assertEquals(0xCF, bench.memory.u64(pte) & 0xFF);
        assertTrue(writeHit(RAM));
        // The kernel clears A and D through its own mapping, without a fence: the next access sets them again.
        router.store(hart, pte, 3, RAM >>> 12 << 10 | 0x0F);
        assertFalse(readHit(RAM));
        router.load(hart, RAM, 3);
        assertEquals(0x4F, bench.memory.u64(pte) & 0xFF);
        assertFalse(writeHit(RAM), "not dirty");
        router.store(hart, RAM, 3, 1);
        assertEquals(0xCF, bench.memory.u64(pte) & 0xFF);
        // The page of the table is never written directly while translations come from it.
        router.load(hart, pte, 3);
        assertFalse(writeHit(pte));
        router.atomic(hart, 0, pte, 3, 0);
        assertFalse(writeHit(pte));
    }

    @Test
    void aGuestsEntriesAreNotTheHosts() {
        bench.mode(Hart.MODE_S);
        router.store(hart, RAM, 3, 1);
        int host = hart.dataContext;
        bench.mode(VS);
        assertNotEquals(host, hart.dataContext);
        assertFalse(readHit(RAM));
    }

    @Test
    void framesThatMoveLeaveTheTlb() {
        bench.memory.setWatcher(new Forgetful());
        router.load(hart, RAM + 0x3000, 3);
        bench.memory.u64(RAM + 0x3000, 9);
        assertFalse(readHit(RAM + 0x3000));
        router.store(hart, RAM + 0x3000, 3, 10);
        assertTrue(writeHit(RAM + 0x3000));
        bench.memory.share();
        assertFalse(writeHit(RAM + 0x3000));
        assertTrue(readHit(RAM + 0x3000));
        router.store(hart, RAM + 0x3008, 3, 11);
        assertEquals(11, HostMemory.i64(RAM + 0x3008 + hart.tlbAddend[entry(RAM + 0x3000)]));
        assertEquals(10, router.load(hart, RAM + 0x3000, 3));
    }

    @Test
    void codePagesTakeTheSlowPathOnce() {
        Forgetful watcher = new Forgetful();
        bench.memory.setWatcher(watcher);
        router.store(hart, RAM, 2, 0x13);
        assertEquals(RAM, router.fetchPa(hart, RAM));
        assertFalse(writeHit(RAM));
        router.store(hart, RAM, 2, 0x6F);
        assertEquals(1, watcher.codeChanges);
        assertTrue(writeHit(RAM));
        assertEquals(0x6F, router.fetchHalf(RAM));
    }

    @Test
    void watchedStoresReachTheMachineAfterTheyAreDone() {
        bench.memory.watchStores(RAM + 0x1000);
        router.store(hart, RAM + 0x1008, 3, 5);
        router.store(hart, RAM + 0x1010, 3, 5);
        assertEquals(java.util.List.of("stored 80001008", "stored 80001010"), bench.services);
        assertEquals(0, hart.deadline);
    }

    @Test
    void protectedPagesAreAccessFaultsBelowMachineModeAndForAllWhenLocked() {
        long page = RAM + 0x8000;
        bench.memory.u64(page, 7);
        // Entry 0: the page, read only; entry 1: everything.
        row(0x3B1, -1L);
        row(0x3A0, 0x1F00);
        row(0x3B0, page >>> 2 | 0x1FF);
        row(0x3A0, 0x1F19);
        bench.mode(Hart.MODE_S);
        assertEquals(7, router.load(hart, page, 3));
        assertFalse(writeHit(page));
        router.store(hart, page + 8, 3, 1);
        assertEquals(Cause.STORE_ACCESS_FAULT, bench.fault());
        assertTrue(router.fetchPa(hart, page) < 0);
        assertEquals(Cause.INSTRUCTION_ACCESS_FAULT, bench.fault());
        router.store(hart, page + 0x1000, 3, 1);
        assertEquals(null, bench.fault());
        bench.mode(Hart.MODE_M);
        router.store(hart, page + 8, 3, 1);
        assertEquals(null, bench.fault());
        row(0x3A0, 0x1F99);
        router.store(hart, page + 8, 3, 1);
        assertEquals(Cause.STORE_ACCESS_FAULT, bench.fault());
        row(0x3A0, 0);
        row(0x3B0, 0);
        assertEquals(0x99, router.csr(hart, 0x3A0, 2, 0, true, false), "a locked entry stays");
        assertEquals(page >>> 2 | 0x1FF, router.csr(hart, 0x3B0, 2, 0, true, false));
        bench.mode(Hart.MODE_S);
        router.load(hart, RAM, 3);
        assertEquals(Cause.LOAD_ACCESS_FAULT, bench.fault(), "no entry matches");
    }

    @Test
    void pageTablesBehindProtectionAreAccessFaults() {
        long root = RAM + 0x10_0000;
        bench.memory.u64(root + 8 * 2, RAM >>> 12 << 10 | 0xC7);
        bench.poke(Csr.SATP, 8L << 60 | root >>> 12);
        // TOR: nothing below the end of the root table, everything above it.
        row(0x3B0, root + 4096 >>> 2);
        row(0x3B1, -1L);
        row(0x3A0, 0x1F08);
        bench.mode(Hart.MODE_S);
        router.load(hart, RAM + 0x20_0000, 3);
        assertEquals(Cause.LOAD_ACCESS_FAULT, bench.fault());
        bench.mode(Hart.MODE_M);
        row(0x3A0, 0x1F09);
        bench.mode(Hart.MODE_S);
        assertEquals(0, router.load(hart, RAM + 0x20_0000, 3));
        assertEquals(null, bench.fault());
    }

    private void row(int number, long value) {
        router.csr(hart, number, 1, value, false, true);
    }

    @Test
    void hypervisorLoadsUseTheGuestsTranslation() {
        long root = RAM + 0x10_0000;
        bench.memory.u64(root, RAM >>> 12 << 10 | 0xD9);
        bench.poke(Csr.HGATP, 8L << 60 | root >>> 12);
        bench.memory.u64(RAM + 0x2000, 77);
        bench.mode(Hart.MODE_S);
        bench.poke(Csr.HSTATUS, Status.H_SPVP);
        assertEquals(Cause.LOAD_GUEST_PAGE_FAULT, guestLoadFault(0x2000, false), "execute only");
        assertEquals(77, router.guestLoad(hart, 0x2000, 1, true));
        bench.memory.u64(root, RAM >>> 12 << 10 | 0xD7);
        assertEquals(77, router.guestLoad(hart, 0x2000, 3, false));
        router.guestStore(hart, 0x2000, 3, 78);
        assertEquals(78, bench.memory.u64(RAM + 0x2000));
        assertEquals(Cause.LOAD_GUEST_PAGE_FAULT, guestLoadFault(0x4000_2000L, false));
        bench.mode(Hart.MODE_U);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, guestLoadFault(0x2000, false));
        bench.poke(Csr.HSTATUS, Status.H_SPVP | Status.H_HU);
        assertEquals(78, router.guestLoad(hart, 0x2000, 3, false));
        bench.mode(VS);
        assertEquals(Cause.VIRTUAL_INSTRUCTION, guestLoadFault(0x2000, false));
    }

    private Cause guestLoadFault(long va, boolean executable) {
        router.guestLoad(hart, va, 3, executable);
        if (hart.trapCause == Cause.LOAD_GUEST_PAGE_FAULT.code) {
            assertTrue(hart.trapGuestVa);
        }
        return bench.fault();
    }

    /** Does what a machine does for one hart. */
    private final class Forgetful implements MemoryWatcher {
        int codeChanges;

        @Override
        public void frameMoved(long pagePa, long oldHost) {
            bench.unit.drop(oldHost, false);
        }

        @Override
        public void storesWatched(long pagePa, long host) {
            bench.unit.drop(host, true);
        }

        @Override
        public void codeChanged(long pagePa) {
            codeChanges++;
        }

        @Override
        public void tablesChanged() {
            bench.unit.flush();
        }

        @Override
        public void framesShared() {
            bench.unit.flushWrites();
        }

        @Override
        public void allChanged() {
            bench.unit.flush();
        }
    }

    @Test
    void memoryTypesFollowTheEnvironmentRegisters() {
        long root = RAM + 0x10_0000;
        bench.memory.u64(root, 1L << 61 | RAM >>> 12 << 10 | 0xC7);
        bench.poke(Csr.SATP, 8L << 60 | root >>> 12);
        bench.mode(Hart.MODE_S);
        router.load(hart, 0x1000, 3);
        assertEquals(Cause.LOAD_PAGE_FAULT, bench.fault());
        bench.poke(Csr.MENVCFG, Status.ENV_PBMTE);
        router.load(hart, 0x1000, 3);
        assertEquals(null, bench.fault());
        assertTrue(readHit(0x1000));
        bench.poke(Csr.MENVCFG, 0);
        assertFalse(readHit(0x1000), "the change drops what was translated");
    }

    @Test
    void atomicsFillTheTlbWithWhatReservationsNeed() {
        bench.memory.u64(RAM + 0x6008, 7);
        assertEquals(7, router.loadReserved(hart, RAM + 0x6008, 3));
        assertTrue(readHit(RAM + 0x6000));
        assertEquals(RAM + 0x6000, hart.tlbPa[entry(RAM + 0x6000)]);
        assertEquals(0, router.storeConditional(hart, RAM + 0x6008, 3, 8));
        assertTrue(writeHit(RAM + 0x6000));
        hart.x[10] = 8;
        hart.x[12] = 9;
        router.compareAndSwap(hart, 10, 12, RAM + 0x6008, 3);
        assertEquals(8, hart.x[10]);
        assertEquals(9, bench.memory.u64(RAM + 0x6008));
        router.compareAndSwap(hart, 10, 12, RAM + 0x6008, CompareAndSwap.QUADWORD);
        assertEquals(Cause.STORE_MISALIGNED, bench.fault());
        router.compareAndSwap(hart, 10, 12, DEVICE, 3);
        assertEquals(Cause.STORE_ACCESS_FAULT, bench.fault());
        bench.memory.watchStores(RAM + 0x6000);
        router.compareAndSwap(hart, 10, 12, RAM + 0x6008, 3);
        assertEquals(1, bench.services.size());
    }
}
