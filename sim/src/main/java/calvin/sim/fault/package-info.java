/**
 * Faults as data, and the seam at which they enter a component.
 */
@Part(name = "sim.fault")
package calvin.sim.fault;

import calvin.sim.state.Part;
