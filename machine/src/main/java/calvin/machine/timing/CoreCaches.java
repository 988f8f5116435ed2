package calvin.machine.timing;

import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * L1I, L1D and L2 of a core, shared by its harts, and its stream prefetcher. L2 holds every line that an L1 holds, and
 * keeps for each whether the core may write it and when it arrives, if a prefetch is still under way.
 */
final class CoreCaches {
    private final TagArray firstInstruction;
    private final TagArray firstData;
    private final TagArray second;
    /** 1 when no other core holds the line. */
    private final long[] exclusive;
    private final long[] arrivesPs;
    /** Next line expected of each stream, or -1, with the most recently used stream first. */
    private final long[] streams;
    /** The line up to which each stream has been fetched. */
    private final long[] fetched;

    CoreCaches(TimingSpec spec) {
        firstInstruction = new TagArray(spec.firstInstruction().sets(), spec.firstInstruction().ways());
        firstData = new TagArray(spec.firstData().sets(), spec.firstData().ways());
        second = new TagArray(spec.second().sets(), spec.second().ways());
        exclusive = new long[second.places()];
        arrivesPs = new long[second.places()];
        streams = new long[spec.prefetchStreams()];
        fetched = new long[spec.prefetchStreams()];
        java.util.Arrays.fill(streams, -1);
    }

    boolean inFirst(long line, boolean instruction) {
        return (instruction ? firstInstruction : firstData).find(line) >= 0;
    }

    void fillFirst(long line, boolean instruction) {
        TagArray first = instruction ? firstInstruction : firstData;
        first.put(first.victim(line), line);
    }

    /** Place of the line in L2, or -1. */
    int inSecond(long line) {
        return second.find(line);
    }

    boolean holds(long line) {
        return second.peek(line) >= 0;
    }

    boolean exclusive(int place) {
        return exclusive[place] != 0;
    }

    void exclusive(int place, boolean value) {
        exclusive[place] = value ? 1 : 0;
    }

    long arrivesPs(int place) {
        return arrivesPs[place];
    }

    /** Takes the line into L2; what must make room leaves the L1s too. */
    void fillSecond(long line, boolean mayWrite, long arrives) {
        int place = second.victim(line);
        long leaving = second.key(place);
        if (leaving >= 0) {
            dropFirst(leaving);
        }
        second.put(place, line);
        exclusive[place] = mayWrite ? 1 : 0;
        arrivesPs[place] = arrives;
    }

    /** The line is gone: another core writes it, or its home needs the room. */
    void invalidate(long line) {
        int place = second.peek(line);
        if (place >= 0) {
            second.remove(place);
            dropFirst(line);
        }
    }

    /** Another core reads the line: it may stay, but not be written. */
    void downgrade(long line) {
        int place = second.peek(line);
        if (place >= 0) {
            exclusive[place] = 0;
        }
    }

    private void dropFirst(long line) {
        drop(firstData, line);
        drop(firstInstruction, line);
    }

    private static void drop(TagArray first, long line) {
        int place = first.peek(line);
        if (place >= 0) {
            first.remove(place);
        }
    }

    /**
     * Tells the prefetcher of an access that left L1.
     *
     * @return the number of the stream that it continues, which is to be fetched further, or -1
     */
    int stream(long line) {
        for (int i = 0; i < streams.length; i++) {
            if (streams[i] == line) {
                streams[i] = line + 1;
                fetched[i] = Math.max(fetched[i], line);
                toFront(i);
                return 0;
            }
        }
        if (streams.length > 0) {
            // Nobody expected this line: perhaps it begins a stream, in the place of the one unused longest.
            int last = streams.length - 1;
            streams[last] = line + 1;
            fetched[last] = line;
            toFront(last);
        }
        return -1;
    }

    private void toFront(int i) {
        long next = streams[i];
        long until = fetched[i];
        System.arraycopy(streams, 0, streams, 1, i);
        System.arraycopy(fetched, 0, fetched, 1, i);
        streams[0] = next;
        fetched[0] = until;
    }

    long fetched(int stream) {
        return fetched[stream];
    }

    void fetched(int stream, long line) {
        fetched[stream] = line;
    }

    void save(StateWriter out) {
        firstInstruction.save(out);
        firstData.save(out);
        second.save(out);
        out.u64s(exclusive);
        out.u64s(arrivesPs);
        out.u64s(streams);
        out.u64s(fetched);
    }

    void load(StateReader in) {
        firstInstruction.load(in);
        firstData.load(in);
        second.load(in);
        in.u64s(exclusive);
        in.u64s(arrivesPs);
        in.u64s(streams);
        in.u64s(fetched);
    }
}
