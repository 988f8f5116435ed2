/**
 * Host threads that advance lanes: the only place where a simulation meets them.
 */
@Part(name = "experiment.pool", mayUse = {"sim.event"})
package calvin.experiment.pool;

import calvin.sim.state.Part;
