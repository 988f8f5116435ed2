package calvin.sim.state;

/**
 * A component whose state can be written out and read back between any two events. The same {@code save} makes
 * snapshots, forks and the state hash, so what it does not write does not exist.
 */
public interface Stateful {
    /** Unique within a world, stable across runs: the component's path, for example {@code node0/hca0}. */
    String stateName();

    void save(StateWriter out);

    /** Reads exactly what {@link #save} wrote, into a component built from the same plan. */
    void load(StateReader in);

    /** Forgets every {@link Derived} field. Called after {@link #load}. */
    default void dropDerived() {}
}
