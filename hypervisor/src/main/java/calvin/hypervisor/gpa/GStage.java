package calvin.hypervisor.gpa;

import calvin.hypervisor.vm.VmSpec;
import calvin.sim.check.Check;
import calvin.sim.state.Memory;

/**
 * G-stage page tables (priv H, "Guest physical address translation"): Sv39x4 for guest-physical addresses below 2^41,
 * else Sv48x4. The root has 2048 entries in 16 KiB, other tables 512 in 4 KiB. A leaf is the largest page that
 * alignment, length and the VM's limit allow.
 *
 * <p>All leaves have U set, as the G stage demands, and A and D, so that no hart ever needs to update one.
 */
public final class GStage {
    /** Values of hgatp.MODE. */
    public static final int SV39X4 = 8;
    public static final int SV48X4 = 9;
    public static final int MODE_SHIFT = 60;
    public static final int VMID_SHIFT = 44;
    public static final int ROOT_BYTES = 16384;
    /** Leaf bits V, R, W, X, U, A, D. */
    public static final long RAM = 0xDF;
    /** Leaf bits V, R, W, U, A, D. */
    public static final long DEVICE = 0xD7;

    private static final long TABLE_BYTES = 4096;
    private static final int PAGE_SHIFT = 12;
    private static final int INDEX_BITS = 9;
    private static final long VALID = 1;
    private static final long LEAF_BITS = 0b1110;

    private GStage() {}

    /** The mode whose address space holds every gpa below {@code limitGpa}. */
    public static int modeFor(long limitGpa) {
        return limitGpa <= 1L << 41 ? SV39X4 : SV48X4;
    }

    public static long hgatp(int mode, int vmid, long rootPa) {
        return (long) mode << MODE_SHIFT | (long) vmid << VMID_SHIFT | rootPa >>> PAGE_SHIFT;
    }

    /** Bytes of tables below the root that are enough to map {@code bytes} bytes at {@code gpa} to {@code pa}. */
    public static long tablesFor(int mode, long gpa, long pa, long bytes, long largestLeaf) {
        long tables = 0;
        for (int level = rootLevel(mode) - 1; level >= 0; level--) {
            long covers = 1L << shiftOf(level + 1);
            boolean leavesOnly = covers <= largestLeaf && ((gpa | pa | bytes) & (covers - 1)) == 0;
            tables += leavesOnly ? 0 : (gpa + bytes - 1) / covers - gpa / covers + 1;
        }
        return tables * TABLE_BYTES;
    }

    /**
     * Maps a range that is not mapped yet. New tables come from {@code nextTablePa} upwards and are clear.
     *
     * @return where the next table would come from; beyond {@code tablesEnd} when they did not suffice
     */
    public static long map(Memory memory, int mode, long rootPa, long nextTablePa, long tablesEnd, long gpa, long pa,
            long bytes, long permissions, long largestLeaf) {
        Check.that(((gpa | pa | bytes) & (VmSpec.PAGE - 1)) == 0, "G-stage range is not made of pages", gpa, bytes);
        long next = nextTablePa;
        long done = 0;
        while (done < bytes) {
            int level = leafLevel(mode, (gpa + done) | (pa + done), bytes - done, largestLeaf);
            long entryAt = rootPa + 8 * ((gpa + done) >>> shiftOf(rootLevel(mode)));
            for (int at = rootLevel(mode); at > level; at--) {
                long entry = memory.u64(entryAt);
                if ((entry & VALID) == 0) {
                    if (next >= tablesEnd) {
                        return next + TABLE_BYTES;
                    }
                    entry = next >>> PAGE_SHIFT << 10 | VALID;
                    memory.u64(entryAt, entry);
                    next += TABLE_BYTES;
                }
                entryAt = (entry >>> 10 << PAGE_SHIFT) + 8 * ((gpa + done) >>> shiftOf(at - 1) & 511);
            }
            memory.u64(entryAt, (pa + done) >>> PAGE_SHIFT << 10 | permissions);
            done += 1L << shiftOf(level);
        }
        return next;
    }

    /** Walks the tables as a hart would. Returns the host address, or -1 where nothing is mapped. */
    public static long translate(Memory memory, int mode, long rootPa, long gpa) {
        long entryAt = rootPa + 8 * (gpa >>> shiftOf(rootLevel(mode)));
        for (int level = rootLevel(mode); level >= 0; level--) {
            long entry = memory.u64(entryAt);
            if ((entry & VALID) == 0) {
                return -1;
            }
            long pa = entry >>> 10 << PAGE_SHIFT;
            if ((entry & LEAF_BITS) != 0) {
                return pa | gpa & ((1L << shiftOf(level)) - 1);
            }
            if (level > 0) {
                entryAt = pa + 8 * (gpa >>> shiftOf(level - 1) & 511);
            }
        }
        return -1;
    }

    /** Number of the root's level; leaves of level n cover {@code 4 KiB << 9 n}. */
    private static int rootLevel(int mode) {
        return mode == SV39X4 ? 2 : 3;
    }

    private static int shiftOf(int level) {
        return PAGE_SHIFT + INDEX_BITS * level;
    }

    private static int leafLevel(int mode, long alignment, long bytes, long largestLeaf) {
        int level = 0;
        while (level < rootLevel(mode) && 1L << shiftOf(level + 1) <= Math.min(bytes, largestLeaf)
                && (alignment & ((1L << shiftOf(level + 1)) - 1)) == 0) {
            level++;
        }
        return level;
    }
}
