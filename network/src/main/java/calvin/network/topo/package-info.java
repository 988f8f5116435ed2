/**
 * Topologies as tables: who is linked to whom, numbers, names and addresses of the ports, the ways frames take, and
 * which worker advances what.
 */
@Part(name = "network.topo", mayUse = {"network.link"})
package calvin.network.topo;

import calvin.sim.state.Part;
