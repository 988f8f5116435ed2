/**
 * Plots of what the timed fidelity does to memory, as a guest measures it.
 */
@Part(name = "bench.memory", mayUse = {"guests", "machine.board", "machine.sbi", "machine.timed", "sim.event",
    "sim.time", "sim.trace"})
package calvin.bench.memory;

import calvin.sim.state.Part;
