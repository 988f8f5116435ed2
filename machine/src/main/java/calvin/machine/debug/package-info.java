/**
 * The debugger of a machine (ADR 8): stops, watches, steps, checkpoints and going back in time, whatever protocol asks
 * for them. It acts only between instructions and changes nothing that is computed unless it is told to write.
 */
@Part(name = "machine.debug", mayUse = {"machine.board", "machine.dev", "machine.hart", "machine.hosted",
    "machine.isa", "machine.mem", "machine.mmu", "sim.event"})
package calvin.machine.debug;

import calvin.sim.state.Part;
