package calvin.machine.hart;

import static calvin.machine.hart.Bench.RAM;
import static calvin.machine.hart.Bench.VS;
import static calvin.machine.hart.Bench.VU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import calvin.machine.isa.Assembler;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import org.junit.jupiter.api.Test;

/** Zicbom and Zicboz by the CMO chapter: enables of every level, permissions, faults, what is zeroed. */
class CacheBlocksTest {
    private static final int INVAL = 0;
    private static final int CLEAN = 1;
    private static final int FLUSH = 2;
    private static final int ZERO = 4;
    private static final int[] OPERATIONS = {INVAL, CLEAN, FLUSH, ZERO};

    private final Bench bench = new Bench();
    private final Hart hart = bench.hart;

    private Cause execute(int operation, long va) {
        bench.router.cacheBlock(hart, operation, va);
        return bench.fault();
    }

    private static long enable(int operation) {
        return operation == INVAL ? 1L << 4 : operation == ZERO ? 1L << 7 : 1L << 6;
    }

    @Test
    void everyLevelsEnableCounts() {
        Cause illegal = Cause.ILLEGAL_INSTRUCTION;
        Cause virtual = Cause.VIRTUAL_INSTRUCTION;
        int[] modes = {Hart.MODE_M, Hart.MODE_S, Hart.MODE_U, VS, VU};
        // What each mode gets with menvcfg, henvcfg, senvcfg as the bits 1, 2, 4 of the column say.
        Cause[][] wanted = {
            {null, null, null, null, null, null, null, null},
            {illegal, null, illegal, null, illegal, null, illegal, null},
            {illegal, illegal, illegal, illegal, illegal, null, illegal, null},
            {illegal, virtual, illegal, null, illegal, virtual, illegal, null},
            {illegal, virtual, illegal, virtual, illegal, virtual, illegal, null},
        };
        for (int operation : OPERATIONS) {
            for (int column = 0; column < 8; column++) {
                bench.poke(Csr.MENVCFG, (column & 1) != 0 ? enable(operation) : 0xF1 & ~enable(operation) & ~0x30);
                bench.poke(Csr.HENVCFG, (column & 2) != 0 ? enable(operation) : 0);
                bench.poke(Csr.SENVCFG, (column & 4) != 0 ? enable(operation) : 0);
                for (int i = 0; i < modes.length; i++) {
                    bench.mode(modes[i]);
                    assertEquals(wanted[i][column], execute(operation, RAM),
                            "operation " + operation + " mode " + modes[i] + " enables " + column);
                }
            }
        }
    }

    @Test
    void zeroClearsTheBlockThatHoldsTheAddressAndNothingElse() {
        for (int i = 0; i < 256; i += 8) {
            bench.memory.u64(RAM + i, -1L);
        }
        assertNull(execute(ZERO, RAM + 64 + 37));
        for (int i = 0; i < 256; i += 8) {
            assertEquals(i >= 64 && i < 128 ? 0 : -1L, bench.memory.u64(RAM + i), "byte " + i);
        }
        assertNull(execute(FLUSH, RAM));
        assertNull(execute(INVAL, RAM));
        assertEquals(-1L, bench.memory.u64(RAM), "management changes no byte");
    }

    @Test
    void watchedPagesSeeTheZeros() {
        bench.memory.watchStores(RAM + 0x3000);
        assertNull(execute(ZERO, RAM + 0x3040));
        assertEquals(1, bench.services.size());
    }

    @Test
    void faultsAreThoseOfStoresWithAllOfRs1() {
        long root = RAM + 0x10_0000;
        // A gigabyte at 0 that may be read only, one at 1 GiB for nothing but execution.
        bench.memory.u64(root, RAM >>> 12 << 10 | 0x03);
        bench.memory.u64(root + 8, RAM >>> 12 << 10 | 0x49);
        bench.poke(Csr.MENVCFG, bench.peek(Csr.MENVCFG) | 0xF0);
        bench.poke(Csr.SATP, 8L << 60 | root >>> 12);
        bench.mode(Hart.MODE_S);
        assertNull(execute(CLEAN, 0x1234), "a load's permission is enough");
        assertEquals(RAM >>> 12 << 10 | 0x43, bench.memory.u64(root), "A is set, D is not");
        assertEquals(Cause.STORE_PAGE_FAULT, execute(ZERO, 0x1234));
        assertEquals(0x1234, hart.trapValue);
        assertEquals(Cause.STORE_PAGE_FAULT, execute(INVAL, 0x4000_0021L));
        assertEquals(0x4000_0021L, hart.trapValue);
        assertEquals(Cause.STORE_PAGE_FAULT, execute(FLUSH, 0x8000_0000L));
        bench.mode(Hart.MODE_M);
        assertEquals(Cause.STORE_ACCESS_FAULT, execute(CLEAN, 0x3000_0000L), "nothing there");
        assertEquals(Cause.STORE_ACCESS_FAULT, execute(ZERO, Bench.DEVICE));
        assertNull(execute(FLUSH, Bench.DEVICE));
    }

    @Test
    void guestFaultsShowTheInstructionWithoutItsRegister() {
        bench.poke(Csr.MENVCFG, 0xF0);
        bench.poke(Csr.HENVCFG, 0xF0);
        bench.poke(Csr.HGATP, 8L << 60 | RAM + 0x10_0000 >>> 12);
        bench.mode(VS);
        assertEquals(Cause.STORE_GUEST_PAGE_FAULT, execute(CLEAN, RAM + 5));
        assertEquals(RAM + 5, hart.trapGuestPa);
        long clean = Assembler.assemble("cbo.clean (a0)") & 0xFFFF_FFFFL;
        assertEquals(clean & ~(31L << 15), TransformedInstruction.of(clean, RAM + 5, hart.x));
    }
}
