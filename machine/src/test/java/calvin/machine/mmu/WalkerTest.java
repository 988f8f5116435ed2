package calvin.machine.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mem.RamRegion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The walk of priv, "Virtual Address Translation Process", step by step, in one and two stages. */
class WalkerTest {
    private static final long RAM = 0x8000_0000L;
    private static final int V = 1;
    private static final int R = 2;
    private static final int W = 4;
    private static final int X = 8;
    private static final int U = 16;
    private static final int A = 64;
    private static final int D = 128;
    private static final int S_MODE = 1;

    private final PhysicalMemory memory = new PhysicalMemory("m", List.of(new RamRegion(RAM, 16 << 20, 0)));
    private final Walker walker = new Walker(memory, new Pmp());
    private long nextTablePa = RAM + 0x10_0000;

    private long table(long bytes) {
        nextTablePa = (nextTablePa + bytes - 1) / bytes * bytes;
        long pa = nextTablePa;
        nextTablePa += bytes;
        return pa;
    }

    /** Maps {@code va} in the tree at {@code root} and returns the leaf entry's address. */
    private long map(long root, int levels, int leafLevel, long va, long pa, int flags, boolean guest) {
        long at = root;
        for (int level = levels - 1;; level--) {
            long index = va >>> 12 + 9 * level & (guest && level == levels - 1 ? 2047 : 511);
            long pte = at + 8 * index;
            if (level == leafLevel) {
                memory.u64(pte, pa >>> 12 << 10 | flags);
                return pte;
            }
            if (memory.u64(pte) == 0) {
                memory.u64(pte, table(4096) >>> 12 << 10 | V);
            }
            at = memory.u64(pte) >>> 10 << 12;
        }
    }

    private static long atp(int mode, long root) {
        return (long) mode << 60 | root >>> 12;
    }

    private int walk(long va, int access, int context, long satp) {
        return walker.walk(va, access, context, satp, 0, true, true);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10})
    void everyPageSizeOfEveryModeTranslates(int mode) {
        int levels = mode - 5;
        long root = table(4096);
        for (int leaf = 0; leaf < levels; leaf++) {
            long span = 1L << 12 + 9 * leaf;
            long va = (3L << 9 * (levels - 1) + 12) + 5 * span;
            long pa = leaf >= 2 ? 0 : RAM + 0x20_0000L * (leaf + 1);
            map(root, levels, leaf, va, pa, V | R | W | A | D, false);
            assertEquals(Walker.OK, walk(va + span - 8, Access.READ, S_MODE, atp(mode, root)), "level " + leaf);
            assertEquals(pa + span - 8, walker.pa());
            assertEquals(leaf > 0, walker.superpage());
            assertTrue(walker.writable());
        }
        assertEquals(Walker.PAGE_FAULT, walk(1L << 11 + 9 * levels, Access.READ, S_MODE, atp(mode, root)),
                "not canonical");
    }

    @Test
    void permissionsFollowTheTable() {
        long root = table(4096);
        long satp = atp(8, root);
        int user = 0;
        int sum = S_MODE | Access.SUM;
        int mxr = S_MODE | Access.MXR;
        // flags, access, context, permitted
        int[][] cases = {
            {R, Access.READ, S_MODE, 1}, {R, Access.WRITE, S_MODE, 0}, {R, Access.EXECUTE, S_MODE, 0},
            {R, Access.READ, user, 0},
            {R | W, Access.WRITE, S_MODE, 1}, {X, Access.EXECUTE, S_MODE, 1}, {X, Access.READ, S_MODE, 0},
            {X, Access.READ, mxr, 1},
            {X, Access.WRITE, mxr, 0}, {R | U, Access.READ, user, 1}, {R | U, Access.READ, S_MODE, 0},
            {R | U, Access.READ, sum, 1},
            {R | X | U, Access.EXECUTE, sum, 0}, {R | X | U, Access.EXECUTE, user, 1}, {W, Access.WRITE, S_MODE, 0},
            {W | X, Access.EXECUTE, S_MODE, 0}, {R | W | X, Access.READ, S_MODE | Access.HLVX, 1},
            {R, Access.READ, S_MODE | Access.HLVX, 0},
        };
        for (int[] one : cases) {
            map(root, 3, 0, 0x40_0000, RAM, V | one[0] | A | D, false);
            int wanted = one[3] == 1 ? Walker.OK : Walker.PAGE_FAULT;
            assertEquals(wanted, walk(0x40_0000, one[1], one[2], satp), "flags " + one[0] + " access " + one[1]
                    + " context " + one[2]);
        }
    }

    @Test
    void reservedEntriesFault() {
        long root = table(4096);
        long satp = atp(8, root);
        long pte = map(root, 3, 0, 0x40_0000, RAM, V | R | A | D, false);
        long good = memory.u64(pte);
        for (long bits : new long[]{1L << 54, 1L << 60, 1L << 61, 1L << 62, 1L << 63}) {
            memory.u64(pte, good | bits);
            assertEquals(Walker.PAGE_FAULT, walk(0x40_0000, Access.READ, S_MODE, satp), Long.toHexString(bits));
        }
        memory.u64(pte, good & ~V);
        assertEquals(Walker.PAGE_FAULT, walk(0x40_0000, Access.READ, S_MODE, satp));
        // A pointer at the last level, a misaligned superpage, a pointer with A.
        memory.u64(pte, RAM >>> 12 << 10 | V);
        assertEquals(Walker.PAGE_FAULT, walk(0x40_0000, Access.READ, S_MODE, satp));
        map(root, 3, 1, 0x60_0000, RAM + 0x1000, V | R | A, false);
        assertEquals(Walker.PAGE_FAULT, walk(0x60_0000, Access.READ, S_MODE, satp));
        memory.u64(root, memory.u64(root) | A);
        assertEquals(Walker.PAGE_FAULT, walk(0x40_0000, Access.READ, S_MODE, satp));
    }

    @Test
    void tablesOutsideRamAreAccessFaults() {
        assertEquals(Walker.ACCESS_FAULT, walk(0, Access.READ, S_MODE, atp(8, 0x1000)));
    }

    @Test
    void accessedAndDirtyAreSetOrFault() {
        long root = table(4096);
        long satp = atp(9, root);
        long pte = map(root, 4, 0, 0x40_0000, RAM, V | R | W, false);
        assertEquals(Walker.PAGE_FAULT, walker.walk(0x40_0000, Access.READ, S_MODE, satp, 0, false, false));
        assertEquals(Walker.OK, walk(0x40_0000, Access.READ, S_MODE | Access.PROBE, satp));
        assertEquals(V | R | W, memory.u64(pte) & 0x3FF);
        assertEquals(Walker.OK, walk(0x40_0000, Access.READ, S_MODE, satp));
        assertEquals(V | R | W | A, memory.u64(pte) & 0x3FF);
        assertFalse(walker.writable(), "not dirty yet");
        assertEquals(Walker.PAGE_FAULT, walker.walk(0x40_0000, Access.WRITE, S_MODE, satp, 0, false, false));
        assertEquals(Walker.OK, walk(0x40_0000, Access.WRITE, S_MODE, satp));
        assertEquals(V | R | W | A | D, memory.u64(pte) & 0x3FF);
        assertTrue(walker.writable());
    }

    private static final int VIRTUAL_S = S_MODE | Access.VIRTUAL;

    /** A guest whose physical memory at 0 is at {@code RAM + 8 MiB}, in pages of 4 KiB for the first 2 MiB. */
    private long guestRoot(int flags) {
        long root = table(16384);
        for (long gpa = 0; gpa < 0x20_0000; gpa += 4096) {
            map(root, 3, 0, gpa, RAM + 0x80_0000 + gpa, V | U | flags, true);
        }
        return root;
    }

    @Test
    void bothStagesTranslate() {
        long hgatp = atp(8, guestRoot(R | W | X | A | D));
        long root = 0x1000;
        // The guest's own table, at guest-physical 0x1000 and 0x2000, 0x3000.
        long host = RAM + 0x80_0000;
        memory.u64(host + root, 0x2L << 10 | V);
        memory.u64(host + 0x2000, 0x3L << 10 | V);
        memory.u64(host + 0x3000 + 8 * 5, 0x10L << 10 | V | R | W | A | D);
        assertEquals(Walker.OK, walker.walk(0x5123, Access.WRITE, VIRTUAL_S, atp(8, root), hgatp, true, true));
        assertEquals(host + 0x1_0123, walker.pa());
        assertEquals(0x1_0123, walker.gpa());
        assertEquals(15, walker.steps(), "three levels of three entries and one, then three for the page");
        assertEquals(Walker.PAGE_FAULT, walker.walk(0x6123, Access.READ, VIRTUAL_S, atp(8, root), hgatp, true, true));
    }

    /** Step 2 of the process asks PMAs of the address that the G stage gives, whether that stage permits it or not. */
    @Test
    void guestTablesOutsideRamAreAccessFaults() {
        long root = guestRoot(R | W | X | A | D);
        map(root, 3, 2, 0x8000_0000L, 0x1_6968_0000_0000L, V | U | R | A, true);
        for (int access : new int[]{Access.READ, Access.WRITE, Access.EXECUTE}) {
            assertEquals(Walker.ACCESS_FAULT, walker.walk(0x123_5048, access, VIRTUAL_S, atp(10, 0x8000_4000L),
                    atp(8, root), true, true));
        }
    }

    @Test
    void guestFaultsNameTheGuestAddressAndImplicitAccesses() {
        long root = guestRoot(R | W | X | A | D);
        long hgatp = atp(8, root);
        long host = RAM + 0x80_0000;
        memory.u64(host + 0x1000, 0x2L << 10 | V);
        memory.u64(host + 0x2000, 0x300L << 10 | V);
        // The last-level table lies at 0x300000, which the G stage does not map.
        assertEquals(Walker.GUEST_PAGE_FAULT, walker.walk(0x5123, Access.READ, VIRTUAL_S, atp(8, 0x1000), hgatp, true,
                true));
        assertEquals(0x30_0028, walker.gpa());
        assertEquals(0x3000, walker.pseudoInstruction());
        // An ordinary one.
        assertEquals(Walker.GUEST_PAGE_FAULT, walker.walk(0x30_0123, Access.WRITE, VIRTUAL_S, 0, hgatp, true, true));
        assertEquals(0x30_0123, walker.gpa());
        assertEquals(0, walker.pseudoInstruction());
        // Beyond 41 bits.
        assertEquals(Walker.GUEST_PAGE_FAULT, walker.walk(1L << 41, Access.READ, VIRTUAL_S, 0, hgatp, true, true));
        // Not a user page.
        map(root, 3, 0, 0x5000, RAM, V | R | W | A | D, true);
        assertEquals(Walker.GUEST_PAGE_FAULT, walker.walk(0x5000, Access.READ, VIRTUAL_S, 0, hgatp, true, true));
    }

    @Test
    void settingDirtyInAReadOnlyTableIsAnImplicitWrite() {
        long root = guestRoot(R | W | X | A | D);
        long host = RAM + 0x80_0000;
        memory.u64(host + 0x1000, 0x2L << 10 | V);
        memory.u64(host + 0x2000, 0x3L << 10 | V);
        memory.u64(host + 0x3000 + 8 * 5, 0x10L << 10 | V | R | W | A);
        map(root, 3, 0, 0x3000, host + 0x3000, V | R | U | A | D, true);
        assertEquals(Walker.OK, walker.walk(0x5000, Access.READ, VIRTUAL_S, atp(8, 0x1000), atp(8, root), true, true));
        assertEquals(Walker.GUEST_PAGE_FAULT, walker.walk(0x5000, Access.WRITE, VIRTUAL_S, atp(8, 0x1000), atp(8,
                root), true, true));
        assertEquals(0x3028, walker.gpa());
        assertEquals(0x3020, walker.pseudoInstruction());
    }

    @Test
    void theTopLevelOfTheGuestStageIsFourTimesAsWide() {
        long root = table(16384);
        long gpa = (1L << 39) + 0x4000_0000L;
        map(root, 3, 2, gpa, 0x8000_0000L, V | R | W | U | A | D, true);
        assertEquals(Walker.OK, walker.walk(gpa + 0x1234, Access.READ, VIRTUAL_S, 0, atp(8, root), true, true));
        assertEquals(0x8000_1234L, walker.pa());
    }

    private static final long N = 1L << 63;
    private static final long NC = 1L << 61;
    private static final long IO = 2L << 61;

    @Test
    void runsOfSixteenPagesTranslateAsOne() {
        long root = table(4096);
        long satp = atp(8, root);
        // Svnapot: ppn[3:0] of 1000 means 64 KiB; the bits below come from the address.
        long entry = RAM + 0x3_8000 >>> 12 << 10 | N | V | R | W | A | D;
        for (long page = 0; page < 16; page++) {
            long pte = map(root, 3, 0, 0x40_0000 + page * 4096, RAM, V, false);
            memory.u64(pte, entry);
            long va = 0x40_0000 + page * 4096 + 0x123;
            assertEquals(Walker.OK, walk(va, Access.READ, S_MODE, satp));
            assertEquals(RAM + 0x3_0000 + page * 4096 + 0x123, walker.pa());
            assertTrue(walker.superpage(), "a fence of one address must find all of its pages");
        }
        for (long length = 0; length < 16; length++) {
            memory.u64(map(root, 3, 0, 0x40_0000, RAM, V, false), entry & ~(15L << 10) | length << 10);
            assertEquals(length == 8 ? Walker.OK : Walker.PAGE_FAULT, walk(0x40_0000, Access.READ, S_MODE, satp),
                    "ppn[3:0] " + length);
        }
        memory.u64(map(root, 3, 1, 0x80_0000, RAM, V, false), RAM + 0x20_8000 >>> 12 << 10 | N | V | R | A);
        assertEquals(Walker.PAGE_FAULT, walk(0x80_0000, Access.READ, S_MODE, satp), "not at the last level");
        memory.u64(root, memory.u64(root) | N);
        assertEquals(Walker.PAGE_FAULT, walk(0x40_0000, Access.READ, S_MODE, satp), "not in a pointer");
    }

    @Test
    void theGuestStageHasRunsToo() {
        long root = guestRoot(R | W | A | D);
        memory.u64(map(root, 3, 0, 0x1_5000, RAM, V, true), RAM + 0x4_8000 >>> 12 << 10 | N | V | U | R | W | A | D);
        assertEquals(Walker.OK, walker.walk(0x1_5678, Access.WRITE, VIRTUAL_S, 0, atp(8, root), true, true));
        assertEquals(RAM + 0x4_5678, walker.pa());
        memory.u64(map(root, 3, 0, 0x1_5000, RAM, V, true), RAM + 0x4_4000 >>> 12 << 10 | N | V | U | R | A | D);
        assertEquals(Walker.GUEST_PAGE_FAULT, walker.walk(0x1_5678, Access.READ, VIRTUAL_S, 0, atp(8, root), true,
                true));
    }

    @Test
    void memoryTypesNeedTheirEnableAndAMeaning() {
        long root = table(4096);
        long satp = atp(8, root);
        int on = S_MODE | Access.MEMORY_TYPES;
        long pte = map(root, 3, 0, 0x40_0000, RAM, V | R | A, false);
        long good = memory.u64(pte);
        for (long type : new long[]{NC, IO}) {
            memory.u64(pte, good | type);
            assertEquals(Walker.OK, walk(0x40_0008, Access.READ, on, satp));
            assertEquals(RAM + 8, walker.pa());
            assertEquals(Walker.PAGE_FAULT, walk(0x40_0008, Access.READ, S_MODE, satp));
            assertEquals(Walker.PAGE_FAULT, walk(0x40_0008, Access.READ, S_MODE | Access.GUEST_MEMORY_TYPES, satp));
        }
        memory.u64(pte, good | NC | IO);
        assertEquals(Walker.PAGE_FAULT, walk(0x40_0008, Access.READ, on, satp), "3 is reserved");
        memory.u64(pte, good);
        memory.u64(root, memory.u64(root) | NC);
        assertEquals(Walker.PAGE_FAULT, walk(0x40_0008, Access.READ, on, satp), "reserved in a pointer");
    }

    @Test
    void eachStageHasItsOwnEnableOfMemoryTypes() {
        long root = guestRoot(R | W | A | D);
        long hgatp = atp(8, root);
        long host = RAM + 0x80_0000;
        memory.u64(host + 0x1000, 0x2L << 10 | V);
        memory.u64(host + 0x2000, 0x3L << 10 | V);
        memory.u64(host + 0x3000 + 8 * 5, 0x10L << 10 | NC | V | R | W | A | D);
        int first = VIRTUAL_S | Access.MEMORY_TYPES;
        int guest = VIRTUAL_S | Access.GUEST_MEMORY_TYPES;
        assertEquals(Walker.OK, walker.walk(0x5000, Access.READ, first, atp(8, 0x1000), hgatp, true, true));
        assertEquals(Walker.PAGE_FAULT, walker.walk(0x5000, Access.READ, guest, atp(8, 0x1000), hgatp, true, true));
        long pte = map(root, 3, 0, 0x1_0000, host + 0x1_0000, V | U | R | W | A | D, true);
        memory.u64(pte, memory.u64(pte) | IO);
        assertEquals(Walker.GUEST_PAGE_FAULT, walker.walk(0x5000, Access.READ, first, atp(8, 0x1000), hgatp, true,
                true));
        assertEquals(Walker.OK, walker.walk(0x5000, Access.READ, first | guest, atp(8, 0x1000), hgatp, true, true));
    }
}
