/**
 * The engine of the RDMA card: protection domains, memory regions, completion queues, queue pairs, and the reliable
 * connected transport between them (ib vol. 1, chapters 9 to 11; RoCEv2 annex A17). All its state is one block; all
 * its pending work is events.
 */
@Part(name = "machine.nic.verbs", mayUse = {"machine.bus", "machine.nic.roce", "sim.event", "sim.trace", "sim.wire"})
package calvin.machine.nic.verbs;

import calvin.sim.state.Part;
