package calvin.machine.timing;

import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * The last-level cache of a NUMA node with the directory of its lines, and the node's memory behind it. Every line has
 * one home, the node whose memory it is in. The cache holds every line that some core holds, so a line without a place
 * here is in no core.
 */
final class Home {
    private static final long NOBODY = -1;

    private final TagArray lines;
    private final Dram dram;
    /** Cores that may hold the line: core n is bit n % 64 of word {@code place * words + n / 64}. */
    private final long[] sharers;
    /** The core that may have modified the line, or -1. */
    private final long[] owner;
    private final int words;

    Home(CacheSpec spec, DramSpec dram, int cores) {
        lines = new TagArray(spec.sets(), spec.ways());
        this.dram = new Dram(dram);
        words = cores + 63 >>> 6;
        sharers = new long[lines.places() * words];
        owner = new long[lines.places()];
        java.util.Arrays.fill(owner, NOBODY);
    }

    /** The line's place, or -1. */
    int find(long line) {
        return lines.find(line);
    }

    /** Where the line will be put; whoever holds the line that is there now must give it up first. */
    int victim(long line) {
        return lines.victim(line);
    }

    /** The line in a place, or -1. */
    long line(int place) {
        return lines.key(place);
    }

    void put(int place, long line) {
        lines.put(place, line);
        owner[place] = NOBODY;
        for (int i = 0; i < words; i++) {
            sharers[place * words + i] = 0;
        }
    }

    long dramPs(long line, long nowPs) {
        return dram.access(line, nowPs);
    }

    long owner(int place) {
        return owner[place];
    }

    void own(int place, long core) {
        owner[place] = core;
    }

    void share(int place, int core) {
        sharers[place * words + (core >>> 6)] |= 1L << core;
    }

    /** Forgets all cores but {@code core}. */
    void onlyShare(int place, int core) {
        for (int i = 0; i < words; i++) {
            sharers[place * words + i] = 0;
        }
        share(place, core);
    }

    /** The next core from {@code from} on that may hold the line, or -1. */
    int nextSharer(int place, int from) {
        for (int word = from >>> 6; word < words; word++) {
            long bits = sharers[place * words + word];
            if (word == from >>> 6) {
                bits &= -1L << from;
            }
            if (bits != 0) {
                return (word << 6) + Long.numberOfTrailingZeros(bits);
            }
        }
        return -1;
    }

    void save(StateWriter out) {
        lines.save(out);
        dram.save(out);
        out.u64s(sharers);
        out.u64s(owner);
    }

    void load(StateReader in) {
        lines.load(in);
        dram.load(in);
        in.u64s(sharers);
        in.u64s(owner);
    }
}
