package calvin.sim.wire;

/** The sending side of a network attachment, as a card or a switch sees it. Owned by the sender's lane. */
public interface Port {
    /** This port's number in the experiment. */
    int number();

    /** The earliest time at which the next frame can start to leave: the end of what has been sent so far. */
    long freeAtPs();

    /**
     * How long a frame of {@code frameBytes} (as in {@link Frame#bytes()}) occupies the line, with preamble, FCS and
     * gap.
     */
    long durationPs(int frameBytes);

    /**
     * Sends a frame; its first bit leaves at {@code max(timePs, freeAtPs())}.
     *
     * @param origin the frame's name as in {@link Frame#origin()}, or -1 where this port is its origin
     * @return when the last bit has left
     */
    long send(long timePs, byte[] bytes, long origin);
}
