package calvin.machine.timing;

import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.Arrays;

/**
 * Which keys a set-associative memory holds, with least-recently-used replacement. A key is any non-negative number
 * (of a line, of a page); its low bits choose the set. A place keeps its number while its key stays.
 *
 * <p>Cost: a scan of one set, two longs a place.
 */
final class TagArray {
    private static final long NONE = -1;
    private final int ways;
    private final int setMask;
    private final long[] keys;
    /** When the place was used last, by {@link #uses}; 0 for never. */
    private final long[] used;
    /** {@code [0]} counts the uses. */
    private final long[] uses = new long[1];

    TagArray(int sets, int ways) {
        this.ways = ways;
        setMask = sets - 1;
        keys = new long[sets * ways];
        used = new long[sets * ways];
        Arrays.fill(keys, NONE);
    }

    int places() {
        return keys.length;
    }

    /** The place that holds the key, which is now the most recently used of its set, or -1. */
    int find(long key) {
        int place = peek(key);
        if (place >= 0) {
            used[place] = ++uses[0];
        }
        return place;
    }

    /** As {@link #find}, without a trace. */
    int peek(long key) {
        int first = ((int) key & setMask) * ways;
        for (int i = first; i < first + ways; i++) {
            if (keys[i] == key) {
                return i;
            }
        }
        return -1;
    }

    /** The place that {@link #put} would give this key: an empty one, or that of the least recently used. */
    int victim(long key) {
        int first = ((int) key & setMask) * ways;
        int best = first;
        for (int i = first; i < first + ways; i++) {
            if (used[i] < used[best]) {
                best = i;
            }
        }
        return best;
    }

    /** What the place holds, or -1. */
    long key(int place) {
        return keys[place];
    }

    void put(int place, long key) {
        keys[place] = key;
        used[place] = ++uses[0];
    }

    void remove(int place) {
        keys[place] = NONE;
        used[place] = 0;
    }

    void clear() {
        Arrays.fill(keys, NONE);
        Arrays.fill(used, 0);
    }

    void save(StateWriter out) {
        out.u64s(keys);
        out.u64s(used);
        out.u64s(uses);
    }

    void load(StateReader in) {
        in.u64s(keys);
        in.u64s(used);
        in.u64s(uses);
    }
}
