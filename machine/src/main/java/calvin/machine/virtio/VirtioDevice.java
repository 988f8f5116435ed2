package calvin.machine.virtio;

import calvin.machine.virtio.queue.Chain;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * A kind of virtio device, which does not know its transport. Called only from its machine's lane.
 *
 * <p>Queues are of two sorts. On a <em>request</em> queue each chain is work: {@link #start} says when it will be done
 * and {@link #finish} does it then. On a <em>supply</em> queue the driver leaves buffers for what the device will have
 * to say; the device takes them when it does, and hears by {@link #supplied} that there are more.
 */
public interface VirtioDevice {
    /** The device ID of virtio 1.2, chapter 5. */
    int id();

    /** Class code of the device's PCI function: base class, subclass, interface in bits 23..0. */
    int pciClass();

    /** The feature bits of this kind that are offered: 0 to 23 and 50 to 63. */
    long features();

    /** The most entries of each queue, powers of two up to 1024. */
    int[] queueSizes();

    ServiceCost cost();

    /** Tells the device its core; once, while it is built. */
    void connect(VirtioCore core);

    int configBytes();

    /** A byte of configuration space, 0..255. */
    int config(int offset);

    /** The driver writes a byte of configuration space; most are read-only. */
    default void config(int offset, int value) {}

    /** Whether a queue is a supply queue. */
    default boolean supplies(int queue) {
        return false;
    }

    /**
     * A chain of a request queue has been taken. When it is done is usually {@link VirtioCore#transfer}'s answer.
     *
     * @return when it will be done, not before {@code timePs}; negative when the request cannot be understood, which
     *         asks for a reset
     */
    long start(long timePs, int queue, Chain chain);

    /** Does the request; returns how many bytes were written to the chain, or a negative number as {@link #start}. */
    long finish(long timePs, int queue, Chain chain);

    /** The driver has added to a supply queue. */
    default void supplied(long timePs, int queue) {}

    /** An event the device has {@linkplain VirtioCore#post posted}. */
    default void onEvent(long timePs, int kind, long a, long b, byte[] payload) {}

    /** The driver resets the device: what was agreed with it is forgotten. Posted events are gone already. */
    void restart();

    /** As after power-on; {@link #restart} has been called already. */
    default void powerOn() {}

    void save(StateWriter out);

    void load(StateReader in);
}
