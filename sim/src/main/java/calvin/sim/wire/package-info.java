/**
 * Frames and ports: the waist between machines and networks.
 */
@Part(name = "sim.wire")
package calvin.sim.wire;

import calvin.sim.state.Part;
