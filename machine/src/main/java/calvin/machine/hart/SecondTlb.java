package calvin.machine.hart;

import calvin.sim.state.Derived;
import java.util.Arrays;

/**
 * Where entries go that another address space's entry displaces from the hart's TLB (ADR 6): processes use the same
 * virtual addresses, so each would otherwise walk its page tables anew after every switch. An entry here is as good as
 * one there, and goes whenever it would have to go there.
 *
 * <p>Direct mapped by page and address space. Its 32 KiB are taken when a second address space is used.
 */
final class SecondTlb {
    private static final int ENTRIES = 1024;
    private static final long PAGE = ~0xFFFL;
    /** Distance of the same page's places in two address spaces; odd, so that all places are used. */
    private static final int SPREAD = 67;

    @Derived(from = "page tables")
    private long[] readTag;
    @Derived(from = "page tables")
    private long[] writeTag;
    @Derived(from = "page tables")
    private long[] addend;
    @Derived(from = "page tables")
    private long[] pa;

    private static int index(long tag) {
        return (int) ((tag >>> 12) + (tag >>> AddressSpaces.SHIFT & 15) * SPREAD) & ENTRIES - 1;
    }

    /** Whether a second address space has been used. */
    boolean used() {
        return readTag != null;
    }

    /** Takes entry {@code i} of the hart's TLB, which is not empty. */
    void put(Hart hart, int i) {
        if (readTag == null) {
            readTag = new long[ENTRIES];
            writeTag = new long[ENTRIES];
            addend = new long[ENTRIES];
            pa = new long[ENTRIES];
            clear();
        }
        int at = index(hart.tlbReadTag[i] & hart.tlbWriteTag[i]);
        readTag[at] = hart.tlbReadTag[i];
        writeTag[at] = hart.tlbWriteTag[i];
        addend[at] = hart.tlbAddend[i];
        pa[at] = hart.tlbPa[i];
    }

    /** Exchanges entry {@code i} of the hart's TLB with the one for {@code tag}; false when it is not here. */
    boolean exchange(Hart hart, int i, long tag, boolean write) {
        if (readTag == null) {
            return false;
        }
        int at = index(tag);
        if ((write ? writeTag : readTag)[at] != tag) {
            return false;
        }
        long read = readTag[at];
        long written = writeTag[at];
        long host = addend[at];
        long physical = pa[at];
        readTag[at] = Hart.TLB_EMPTY;
        writeTag[at] = Hart.TLB_EMPTY;
        if ((hart.tlbReadTag[i] & hart.tlbWriteTag[i]) != Hart.TLB_EMPTY) {
            put(hart, i);
        }
        hart.tlbReadTag[i] = read;
        hart.tlbWriteTag[i] = written;
        hart.tlbAddend[i] = host;
        hart.tlbPa[i] = physical;
        return true;
    }

    void clear() {
        if (readTag != null) {
            Arrays.fill(readTag, Hart.TLB_EMPTY);
            Arrays.fill(writeTag, Hart.TLB_EMPTY);
        }
    }

    void clearWrites() {
        if (readTag != null) {
            Arrays.fill(writeTag, Hart.TLB_EMPTY);
        }
    }

    /** Drops the entries of a set of address spaces. */
    void clear(int set) {
        for (int i = 0; readTag != null && i < ENTRIES; i++) {
            clearEntry(i, set);
        }
    }

    /** Drops the entries for one page in a set of address spaces. */
    void clear(int set, long va) {
        for (int rest = set; readTag != null && rest != 0; rest &= rest - 1) {
            clearEntry(index(va & PAGE | (long) Integer.numberOfTrailingZeros(rest) << AddressSpaces.SHIFT), set);
        }
    }

    private void clearEntry(int i, int set) {
        // An empty tag has a number that no space has.
        if (inSet(readTag[i] & writeTag[i], set)) {
            readTag[i] = Hart.TLB_EMPTY;
            writeTag[i] = Hart.TLB_EMPTY;
        }
    }

    private static boolean inSet(long tag, int set) {
        return (set >>> (int) (tag >>> AddressSpaces.SHIFT & 15) & 1) != 0;
    }

    /** Drops entries that lead to the frame at {@code host}: those for writing, or all. */
    void drop(long host, boolean writesOnly) {
        for (int i = 0; readTag != null && i < ENTRIES; i++) {
            if (writeTag[i] != Hart.TLB_EMPTY && (writeTag[i] & PAGE) + addend[i] == host) {
                writeTag[i] = Hart.TLB_EMPTY;
            }
            if (!writesOnly && readTag[i] != Hart.TLB_EMPTY && (readTag[i] & PAGE) + addend[i] == host) {
                readTag[i] = Hart.TLB_EMPTY;
            }
        }
    }
}
