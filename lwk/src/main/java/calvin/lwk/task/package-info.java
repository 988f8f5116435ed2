/**
 * Tasks: creation from a job, program images, signals, wait channels, exit; and the seam through which a task can be a
 * vcpu.
 */
@Part(name = "lwk.task", mayUse = {"lwk.abi", "lwk.state", "lwk.mm", "lwk.sched", "lwk.fs", "lwk.drv",
    "machine.hosted", "machine.isa", "machine.elf"})
package calvin.lwk.task;

import calvin.sim.state.Part;
