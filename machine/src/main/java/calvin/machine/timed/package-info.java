/**
 * Runs harts under the timing model: instruction by instruction, every access priced. The architecture is that of the
 * engine underneath; only the clock differs.
 */
@Part(name = "machine.timed", mayUse = {"machine.bus", "machine.hart", "machine.hosted", "machine.isa", "machine.mmu",
    "machine.timing", "sim.check", "sim.state"})
package calvin.machine.timed;

import calvin.sim.state.Part;
