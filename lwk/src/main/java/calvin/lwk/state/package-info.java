/**
 * The kernel's state: every structure it keeps in memory, and the roots from which all of them are reached. Nothing
 * here acts. Invariant: what is not reachable from {@link KernelState} is not state of the kernel.
 */
@Part(name = "lwk.state", mayUse = {"lwk.abi"})
package calvin.lwk.state;

import calvin.sim.state.Part;
