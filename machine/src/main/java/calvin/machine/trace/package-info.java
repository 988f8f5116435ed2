/**
 * What harts do, instruction by instruction: a hook that sees each instruction with all it has changed, and the log of
 * it in the form of Spike, the reference simulator. Looking changes nothing that is computed.
 */
@Part(name = "machine.trace", mayUse = {"machine.isa", "machine.hart", "machine.mem", "machine.board",
    "machine.hosted"})
package calvin.machine.trace;

import calvin.sim.state.Part;
