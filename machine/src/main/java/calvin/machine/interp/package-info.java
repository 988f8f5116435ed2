/**
 * The predecoded interpreter: the engine that defines what the machine computes, and that runs all cold code.
 */
@Part(name = "machine.interp", mayUse = {"machine.exec", "machine.hart", "machine.hosted", "machine.isa",
    "machine.mem"})
package calvin.machine.interp;

import calvin.sim.state.Part;
