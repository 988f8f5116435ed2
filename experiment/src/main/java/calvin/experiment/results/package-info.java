/**
 * The run directory: manifest, consoles, captures, metrics, trace and the results database, written beside its final
 * name and renamed when it is whole.
 */
@Part(name = "experiment.results", mayUse = {"experiment.input", "experiment.json", "experiment.plan",
    "experiment.report", "experiment.spec",
    "experiment.trace", "network.topo"})
package calvin.experiment.results;

import calvin.sim.state.Part;
