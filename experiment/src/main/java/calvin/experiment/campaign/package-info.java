/**
 * Fault campaigns: one golden run with checkpoints, a list of faults drawn from the declared space, one experiment for
 * each, forked from the nearest earlier checkpoint, classified and counted; and the replay of any one of them from the
 * start.
 *
 * <p>A fault and its outcome are functions of the plan, the seed and the fault's number alone.
 */
@Part(name = "experiment.campaign", mayUse = {"experiment.input", "experiment.json", "experiment.plan",
    "experiment.report",
    "experiment.results", "experiment.run", "experiment.spec", "experiment.world", "network.topo", "sim.event",
    "sim.fault",
    "sim.seed"})
package calvin.experiment.campaign;

import calvin.sim.state.Part;
