package calvin.hypervisor.host;

import calvin.machine.hosted.HartPort;

/**
 * The host kernel as the hypervisor sees it: the hooks that Palacios asks of its host, reduced to what is needed here.
 * An implementation keeps no state; it works on the kernel of the hart behind {@code port}.
 *
 * <p>Palacios yields and sleeps inside its loop. Calvin's kernels are stackless, so the hypervisor instead returns an
 * {@link calvin.hypervisor.host.After} that tells its host what to do with the virtual core's task.
 */
public interface VmmHost {
    /**
     * Takes physically contiguous memory, cleared.
     *
     * @param bytes     a multiple of 4 KiB
     * @param alignment a power of two, at least 4 KiB
     * @param numaNode  where it should lie; -1 for no wish. Another node is better than none
     * @return its physical address, or 0 when there is no such range
     */
    long allocate(HartPort port, long bytes, long alignment, int numaNode);

    /** Gives back what {@link #allocate} took, whole. */
    void free(HartPort port, long pa, long bytes);

    /** Writes one character of a guest to the node's console. */
    void print(HartPort port, int character);

    /** Writes bytes of a guest that lie at {@code pa} to the node's console; returns how many it took. */
    long print(HartPort port, long pa, long bytes);

    /** The same for a guest's error output. */
    long printError(HartPort port, long pa, long bytes);

    /** Writes a line of the hypervisor's own to the node's console. */
    void log(HartPort port, String line);

    /** The next character typed at the node's console, or -1 when there is none. */
    int read(HartPort port);

    /** Frequency of the time CSR. */
    long timebaseHz(HartPort port);
}
