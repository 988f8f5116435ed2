/**
 * Interrupt controllers of the Advanced Interrupt Architecture (aia 1.0): IMSICs, which take messages at each hart, and
 * the APLIC, which takes wires and interrupts harts directly or by messages.
 */
@Part(name = "machine.aia", mayUse = {"machine.bus", "machine.hart"})
package calvin.machine.aia;

import calvin.sim.state.Part;
