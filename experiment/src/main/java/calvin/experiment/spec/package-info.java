/**
 * Experiment files as records: what the user wrote, with defaults filled in and every value checked that can be checked
 * without looking at an image. Nothing here runs anything.
 */
@Part(name = "experiment.spec", mayUse = {"experiment.input", "machine.board", "machine.timing",
    "network.link", "network.topo"})
package calvin.experiment.spec;

import calvin.sim.state.Part;
