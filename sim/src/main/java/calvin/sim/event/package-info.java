/**
 * Events, their total order, lanes, and the windows in which lanes advance. Owns the only notion of now.
 */
@Part(name = "sim.event", mayUse = {"sim.wire"})
package calvin.sim.event;

import calvin.sim.state.Part;
