package calvin.sim.wire;

/**
 * A frame on its way to a port: the whole waist between machines and networks.
 *
 * @param arrivalPs  when its first bit reaches the receiving port
 * @param durationPs how long it takes to pass that point; the last bit arrives at {@code arrivalPs + durationPs}
 * @param port       the receiving port's number in the experiment
 * @param sender     the sending port's number in the experiment
 * @param sequence   counts the frames of the sending port from 0
 * @param origin     who put the frame on the network first: {@code port << 40 | sequence} there. Switches keep it, so
 *                   it names the frame in traces, captures and fault coordinates along its whole way
 * @param bytes      from the Ethernet destination address to the byte before the frame check sequence; never changed
 *                   after sending
 */
public record Frame(long arrivalPs, long durationPs, int port, int sender, long sequence, long origin, byte[] bytes) {
    public static final int ORIGIN_PORT_SHIFT = 40;

    public static long origin(int port, long sequence) {
        return ((long) port << ORIGIN_PORT_SHIFT) | sequence;
    }
}
