/**
 * The translator: hot regions of guest code become methods of hidden classes, which HotSpot compiles. The interpreter
 * decides what is hot and enters them; a region never computes anything the interpreter would not (see ADR 6).
 * Compiling happens on a thread of its own, and only speed depends on when it is done.
 */
@Part(name = "machine.jit", mayUse = {"machine.exec", "machine.hart", "machine.interp", "machine.isa", "machine.mem",
    "sim.state"})
package calvin.machine.jit;

import calvin.sim.state.Part;
