/**
 * Drivers: the console behind SBI, and the RDMA card (docs/adr/0004).
 */
@Part(name = "lwk.drv", mayUse = {"lwk.abi", "lwk.state", "lwk.mm", "machine.hosted"})
package calvin.lwk.drv;

import calvin.sim.state.Part;
