/**
 * What a run leaves behind as plain data, lane by lane, in a form that workers send to the coordinator; and what
 * follows from it: tables on consoles and expectations.
 */
@Part(name = "experiment.report", mayUse = {"experiment.plan", "experiment.spec", "experiment.trace",
    "experiment.input"})
package calvin.experiment.report;

import calvin.sim.state.Part;
