/**
 * Devices and what they are given: registers, interrupt lines, direct memory access.
 */
@Part(name = "machine.bus")
package calvin.machine.bus;

import calvin.sim.state.Part;
