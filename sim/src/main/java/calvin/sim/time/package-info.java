/**
 * Virtual time: one unit, the picosecond, for everything.
 */
@Part(name = "sim.time")
package calvin.sim.time;

import calvin.sim.state.Part;
