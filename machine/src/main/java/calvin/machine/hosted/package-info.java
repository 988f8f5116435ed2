/**
 * Kernels written in Java: how they are entered, and the one door through which they touch the machine.
 */
@Part(name = "machine.hosted")
package calvin.machine.hosted;

import calvin.sim.state.Part;
