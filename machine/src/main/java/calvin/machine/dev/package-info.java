/**
 * Devices of the boards that are not cards: interruptor and timer (ACLINT), serial port, test finisher, HTIF.
 */
@Part(name = "machine.dev", mayUse = {"machine.bus", "machine.mem", "sim.event"})
package calvin.machine.dev;

import calvin.sim.state.Part;
