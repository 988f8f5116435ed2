/**
 * The RDMA network card as a device: its registers and doorbell pages in front of the engine in {@code
 * machine.nic.verbs}. The programming interface is docs/adr/0004; costs, counters and gaps are in docs/rdma-card.md.
 */
@Part(name = "machine.nic", mayUse = {"machine.bus", "machine.nic.verbs", "machine.nic.roce", "sim.event", "sim.trace",
    "sim.wire"})
package calvin.machine.nic;

import calvin.sim.state.Part;
