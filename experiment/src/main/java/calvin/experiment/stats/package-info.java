/**
 * What a run took of the host, and how its instructions were executed: for {@code --stats}. Looks at the host's clock
 * and at the Java machine; nothing that is simulated looks at it.
 */
@Part(name = "experiment.stats", mayUse = {"experiment.json", "machine.board", "machine.jit"})
package calvin.experiment.stats;

import calvin.sim.state.Part;
