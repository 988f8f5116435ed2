package calvin.sim.event;

import calvin.sim.wire.Frame;
import java.util.List;

/** The other processes that advance parts of the same world. */
public interface Peers {
    /**
     * Ends a window: hands over the frames for other processes and the time before which nothing happens here, and
     * waits for the same from all others.
     *
     * @param out    frames for ports of other processes, in the order in which they were sent
     * @param nextPs the earliest thing that happens in this process, the frames in {@code out} included
     * @param status this process's share of a world-wide bitwise AND, for example "all my tasks have ended"
     * @return what the others said
     */
    Answer exchange(List<Frame> out, long nextPs, long status);

    /**
     * @param in     frames for this process, in any order: their keys order them
     * @param nextPs the earliest thing that happens in any other process
     * @param status the bitwise AND of the others' status
     */
    record Answer(List<Frame> in, long nextPs, long status) {}

    /** There are no others. */
    Peers NONE = (out, nextPs, status) -> new Answer(List.of(), Long.MAX_VALUE, -1L);
}
