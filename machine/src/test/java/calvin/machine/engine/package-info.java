/**
 * Random programs on two engines, compared in everything. Tests only: what an engine is to agree on with the others is
 * here, how it does it is in the packages of the engines.
 */
@Part(name = "machine.engine", mayUse = {"machine.board", "machine.dev", "machine.hart", "machine.isa", "machine.jit",
    "machine.mem", "sim.event", "sim.state", "sim.trace"})
package calvin.machine.engine;

import calvin.sim.state.Part;
