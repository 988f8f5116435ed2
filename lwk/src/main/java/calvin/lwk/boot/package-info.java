/**
 * The kernel as the machine sees it: its entries, what happens at the first of them, and what a trap means.
 */
@Part(name = "lwk.boot", mayUse = {"lwk.abi", "lwk.state", "lwk.mm", "lwk.sched", "lwk.fs", "lwk.drv",
    "lwk.task", "lwk.call", "machine.hosted", "machine.isa"})
package calvin.lwk.boot;

import calvin.sim.state.Part;
