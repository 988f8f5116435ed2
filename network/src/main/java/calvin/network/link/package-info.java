/**
 * Links: the sending half at each end, with the time a frame takes on the line and the frames that faults take off it.
 */
@Part(name = "network.link", mayUse = {"sim.fault", "sim.trace", "sim.wire"})
package calvin.network.link;

import calvin.sim.state.Part;
