/**
 * Trace records as the runner keeps them, and what they say about messages: where the time of each went.
 */
@Part(name = "experiment.trace", mayUse = {"sim.trace"})
package calvin.experiment.trace;

import calvin.sim.state.Part;
