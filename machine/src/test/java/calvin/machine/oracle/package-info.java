/**
 * Tests that compare what a hart does with the privileged architecture's other implementations, and fuzzers of whole
 * machines.
 */
@Part(name = "machine.oracle", mayUse = {"machine.isa", "machine.hart", "machine.mem", "machine.board",
    "machine.embed", "machine.interp", "machine.jit", "machine.dev", "machine.bus", "sim.seed", "sim.time"})
package calvin.machine.oracle;

import calvin.sim.state.Part;
