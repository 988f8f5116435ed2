package calvin.machine.jit;

import calvin.machine.hart.Hart;

/** What regions do inline at each access to memory, as the interpreter's loop does. Small enough to be inlined. */
final class Tlb {
    private Tlb() {}

    private static int entry(long va) {
        return (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
    }

    /** Whether an access cannot be done directly; {@code last} is its size less one. */
    static boolean misses(long va, long[] tags, long context, int last) {
        return tags[entry(va)] != (va + last & ~0xFFFL | context);
    }

    /** Whether an access cannot be done directly or is misaligned; {@code last} is its size less one. */
    static boolean missesAligned(long va, long[] tags, long context, int last) {
        return tags[entry(va)] != (va & (~0xFFFL | last) | context);
    }

    /** The host address of a virtual one that hit. */
    static long host(long va, long[] addends) {
        return va + addends[entry(va)];
    }
}
