/**
 * Trace records: what happened when, observed without effect.
 */
@Part(name = "sim.trace", mayUse = {"sim.wire"})
package calvin.sim.trace;

import calvin.sim.state.Part;
