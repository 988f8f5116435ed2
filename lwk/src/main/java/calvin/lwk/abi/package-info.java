/**
 * What the kernel shares with others: the boot protocol, error numbers, constants of the system call interface.
 */
@Part(name = "lwk.abi")
package calvin.lwk.abi;

import calvin.sim.state.Part;
