/**
 * State as bytes: memory ports, declared layouts, snapshots and the state hash. Everything observable is written by
 * {@link calvin.sim.state.Stateful#save}; all else is derived and may be dropped.
 */
@Part(name = "sim.state")
package calvin.sim.state;
