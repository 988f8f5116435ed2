/**
 * RoCEv2 packets as bytes: headers, opcodes, the invariant CRC. Knows no queue pairs and no time.
 */
@Part(name = "machine.nic.roce")
package calvin.machine.nic.roce;

import calvin.sim.state.Part;
