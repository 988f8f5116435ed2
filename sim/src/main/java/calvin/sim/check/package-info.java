/**
 * Invariants of the simulator: a failed check is a bug in Calvin and stops the run.
 */
@Part(name = "sim.check")
package calvin.sim.check;

import calvin.sim.state.Part;
