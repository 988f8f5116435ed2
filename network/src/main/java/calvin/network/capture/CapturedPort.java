package calvin.network.capture;

/**
 * A port that a capture observes.
 *
 * @param number   the port's number in the experiment
 * @param name     its name, which the file gives the interface, for example {@code node0/port0}
 * @param speedBps bits per second of its link
 */
public record CapturedPort(int number, String name, long speedBps) {}
