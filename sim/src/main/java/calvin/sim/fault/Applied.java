package calvin.sim.fault;

/**
 * Proof that a fault happened.
 *
 * @param id     the fault
 * @param timePs when
 * @param before the value before, for a packet its origin
 * @param after  the value after, for a dropped packet -1
 */
public record Applied(int id, long timePs, long before, long after) {}
