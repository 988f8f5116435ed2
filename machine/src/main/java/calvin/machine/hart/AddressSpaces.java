package calvin.machine.hart;

import calvin.sim.state.Derived;

/**
 * Numbers the address spaces that a hart used last (ADR 6): a space is a value of satp, or of vsatp and hgatp, and its
 * number is in the tags of its TLB entries. A space that is used again finds its entries.
 *
 * <p>More than {@link #COUNT} spaces share the numbers: the one not used for longest loses its own, and who holds the
 * TLB drops its entries.
 */
final class AddressSpaces {
    static final int COUNT = 15;
    /** Place of the number in a TLB tag, above the bits of {@link calvin.machine.mmu.Access} that TLBs keep. */
    static final int SHIFT = 8;
    /** Every number, as a set. */
    static final int ALL = (1 << COUNT) - 1;
    /** Stands for hgatp of a space without a G stage; no contents of that register. */
    private static final long NO_GUEST = -1L;

    private static final int ASID_SHIFT = 44;
    private static final long ASID = 0xFFFF;
    private static final long VMID = 0x3FFF;

    @Derived(from = "satp and vsatp")
    private final long[] atp = new long[COUNT];
    @Derived(from = "hgatp")
    private final long[] hgatp = new long[COUNT];
    /** When the number was last asked for; 0 for never. */
    @Derived(from = "the order of use")
    private final long[] used = new long[COUNT];
    @Derived(from = "the order of use")
    private long clock;
    @Derived(from = "the order of use")
    private int lost = -1;
    /** The number found last. */
    @Derived(from = "the order of use")
    private int last;

    int host(long satp) {
        return number(satp, NO_GUEST);
    }

    int guest(long vsatp, long guestAtp) {
        return number(vsatp, guestAtp);
    }

    private int number(long first, long second) {
        clock++;
        lost = -1;
        if (atp[last] == first && hgatp[last] == second && used[last] != 0) {
            used[last] = clock;
            return last;
        }
        int oldest = 0;
        for (int i = 0; i < COUNT; i++) {
            if (used[i] != 0 && atp[i] == first && hgatp[i] == second) {
                used[i] = clock;
                last = i;
                return i;
            }
            if (used[i] < used[oldest]) {
                oldest = i;
            }
        }
        lost = used[oldest] == 0 ? -1 : oldest;
        atp[oldest] = first;
        hgatp[oldest] = second;
        used[oldest] = clock;
        last = oldest;
        return oldest;
    }

    /** The number whose old entries the last call has made void, or -1. */
    int lost() {
        return lost;
    }

    /** The set of spaces without G stage; {@code asid} selects some, -1 all. */
    int hosts(long asid) {
        int set = 0;
        for (int i = 0; i < COUNT; i++) {
            if (hgatp[i] == NO_GUEST && (asid < 0 || (atp[i] >>> ASID_SHIFT & ASID) == (asid & ASID))) {
                set |= 1 << i;
            }
        }
        return set;
    }

    /** The set of spaces with a G stage; {@code vmid} and {@code asid} select some, -1 all. */
    int guests(long vmid, long asid) {
        int set = 0;
        for (int i = 0; i < COUNT; i++) {
            if (hgatp[i] != NO_GUEST && (vmid < 0 || (hgatp[i] >>> ASID_SHIFT & VMID) == (vmid & VMID))
                    && (asid < 0 || (atp[i] >>> ASID_SHIFT & ASID) == (asid & ASID))) {
                set |= 1 << i;
            }
        }
        return set;
    }

    static long vmid(long hgatp) {
        return hgatp >>> ASID_SHIFT & VMID;
    }
}
