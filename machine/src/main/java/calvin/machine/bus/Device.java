package calvin.machine.bus;

import calvin.sim.state.Stateful;

/**
 * A memory-mapped device. Called only from its machine's lane; never blocks; never reads a host clock. It knows
 * offsets, not addresses, and gets the services it needs by constructor. A device that needs time arms an event in its
 * lane's queue.
 *
 * <p>The bus has checked offset, width and alignment against {@link #registers()} before it calls.
 */
public interface Device extends Stateful {
    RegisterMap registers();

    /**
     * @param timePs     the accessing hart's time
     * @param widthBytes 1, 2, 4 or 8
     * @return the value, zero-extended
     */
    long load(long timePs, int offset, int widthBytes);

    void store(long timePs, int offset, int widthBytes, long value);

    /** Back to the state after power-on. */
    void reset();
}
