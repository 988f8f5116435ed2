/**
 * From a plan to a running world: one process's share of its lanes, the loop that runs windows until the end that the
 * state defines, and what is observed on the way.
 */
@Part(name = "experiment.world", mayUse = {"experiment.plan", "experiment.report", "experiment.trace", "enclave",
    "machine.board",
    "machine.dev", "machine.hart", "hypervisor.exit", "machine.mem", "machine.nic", "machine.timed",
    "machine.timing", "network.capture",
    "network.link", "network.node", "network.topo", "sim.event", "sim.fault", "sim.trace", "sim.wire"})
package calvin.experiment.world;

import calvin.sim.state.Part;
