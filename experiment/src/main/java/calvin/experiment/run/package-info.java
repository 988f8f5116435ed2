/**
 * Runs a plan, in this process or in several, and turns what comes back into a run directory and a summary. Host
 * threads, processes and sockets are handled here and have no effect on results.
 */
@Part(name = "experiment.run", mayUse = {"experiment.input", "experiment.json", "experiment.plan", "experiment.pool",
    "experiment.report",
    "experiment.results", "experiment.spec", "experiment.stats", "experiment.trace", "experiment.world",
    "machine.board", "network.check", "network.topo",
    "network.transport", "sim.event"})
package calvin.experiment.run;

import calvin.sim.state.Part;
