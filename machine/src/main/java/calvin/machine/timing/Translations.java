package calvin.machine.timing;

import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * The translation caches of a core: first-level TLBs for instructions and data, a second level by page size, a cache of
 * table pointers, and a nested TLB of guest pages. They remember addresses only; what they map is the machine's to
 * know. A walk of two stages reads each guest table through a walk of the G stage, so its entries come as groups that
 * end in a leaf of the G stage; a group whose leaf the nested TLB holds costs nothing.
 */
final class Translations {
    private static final int SMALL_SHIFT = 12;
    private static final int LARGE_SHIFT = 21;
    private static final int GIGA_SHIFT = 30;
    private static final int[] SHIFTS = {SMALL_SHIFT, LARGE_SHIFT, GIGA_SHIFT};

    private final TlbSpec spec;
    private final TagArray firstInstruction;
    private final TagArray firstData;
    /** By page size. */
    private final TagArray[] second;
    private final TagArray pointers;
    private final TagArray guestPages;

    Translations(TlbSpec spec) {
        this.spec = spec;
        firstInstruction = new TagArray(1, spec.firstEntries());
        firstData = new TagArray(1, spec.firstEntries());
        int sets = spec.secondEntries() / spec.secondWays();
        second = new TagArray[]{new TagArray(sets, spec.secondWays()), new TagArray(sets, spec.secondWays()),
            new TagArray(1, spec.gigaEntries())};
        pointers = new TagArray(1, spec.pointerEntries());
        guestPages = new TagArray(1, spec.guestEntries());
    }

    /** One number for a page of some size in some address space. */
    private static long key(long va, int size, long space) {
        return ((va >>> SHIFTS[size] ^ space << 20) << 2 | size) & Long.MAX_VALUE;
    }

    /** The same with the size's bits away from those that choose a set. */
    private static long setKey(long va, int size, long space) {
        return (va >>> SHIFTS[size] ^ space << 20) & Long.MAX_VALUE;
    }

    /** Cycles of finding the translation, or -1 when it has to be walked for. */
    int find(long va, long space, boolean instruction) {
        TagArray first = instruction ? firstInstruction : firstData;
        for (int size = 0; size < SHIFTS.length; size++) {
            if (first.find(key(va, size, space)) >= 0) {
                return 0;
            }
        }
        for (int size = 0; size < SHIFTS.length; size++) {
            if (second[size].find(setKey(va, size, space)) >= 0) {
                put(first, key(va, size, space));
                return spec.secondCycles();
            }
        }
        return -1;
    }

    /** Remembers a translation that was walked for. */
    void fill(long va, long space, boolean instruction, int pageShift) {
        int size = pageShift >= GIGA_SHIFT ? 2 : pageShift >= LARGE_SHIFT ? 1 : 0;
        put(second[size], setKey(va, size, space));
        put(instruction ? firstInstruction : firstData, key(va, size, space));
    }

    private static void put(TagArray array, long key) {
        if (array.find(key) < 0) {
            array.put(array.victim(key), key);
        }
    }

    /** Whether the pointer in this entry is known; from now on it is. */
    boolean pointerKnown(long entryPa) {
        return known(pointers, entryPa >>> 3);
    }

    /** Whether the guest page that this leaf of the G stage maps is known; from now on it is. */
    boolean guestPageKnown(long entryPa) {
        return known(guestPages, entryPa >>> 3);
    }

    private static boolean known(TagArray array, long key) {
        if (array.find(key) >= 0) {
            return true;
        }
        array.put(array.victim(key), key);
        return false;
    }

    /** A fence: of one page, or of everything when {@code va} is not given. */
    void forget(long va, long space, boolean vaGiven) {
        if (!vaGiven) {
            firstInstruction.clear();
            firstData.clear();
            for (TagArray array : second) {
                array.clear();
            }
        } else {
            for (int size = 0; size < SHIFTS.length; size++) {
                remove(firstInstruction, key(va, size, space));
                remove(firstData, key(va, size, space));
                remove(second[size], setKey(va, size, space));
            }
        }
        pointers.clear();
        guestPages.clear();
    }

    private static void remove(TagArray array, long key) {
        int place = array.peek(key);
        if (place >= 0) {
            array.remove(place);
        }
    }

    void save(StateWriter out) {
        firstInstruction.save(out);
        firstData.save(out);
        for (TagArray array : second) {
            array.save(out);
        }
        pointers.save(out);
        guestPages.save(out);
    }

    void load(StateReader in) {
        firstInstruction.load(in);
        firstData.load(in);
        for (TagArray array : second) {
            array.load(in);
        }
        pointers.load(in);
        guestPages.load(in);
    }
}
