/**
 * Open files and the file system in memory (Kitten's KFS): devices by name, and files that live as long as the kernel.
 */
@Part(name = "lwk.fs", mayUse = {"lwk.abi", "lwk.state", "lwk.mm", "lwk.drv", "machine.hosted"})
package calvin.lwk.fs;

import calvin.sim.state.Part;
