/**
 * What stands in a network besides machines: switches, and the fabric that puts a topology's switches and link ends on
 * their lanes.
 */
@Part(name = "network.node", mayUse = {"network.link", "network.topo", "sim.event", "sim.fault", "sim.trace",
    "sim.wire"})
package calvin.network.node;

import calvin.sim.state.Part;
