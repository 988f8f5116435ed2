/**
 * The expanded plan: an experiment with everything resolved (numbers, addresses, seeds, images by content), as one
 * canonical document whose SHA-256 names the experiment. Workers load nothing else.
 */
@Part(name = "experiment.plan", mayUse = {"experiment.input", "experiment.spec", "experiment.json", "guests", "enclave",
    "machine.elf",
    "machine.board", "machine.dev", "machine.nic.verbs", "machine.timing", "network.link",
    "network.topo", "sim.event", "sim.seed", "sim.trace"})
package calvin.experiment.plan;

import calvin.sim.state.Part;
