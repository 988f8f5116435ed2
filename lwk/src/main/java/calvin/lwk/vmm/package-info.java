/** The hypervisor built into the kernel: virtual cores as tasks, guest memory from the list of physical memory. */
@Part(name = "lwk.vmm", mayUse = {"lwk.abi", "lwk.state", "lwk.mm", "lwk.drv", "lwk.task", "hypervisor",
    "hypervisor.host", "hypervisor.vm", "hypervisor.vcpu", "machine.hosted", "machine.isa"})
package calvin.lwk.vmm;

import calvin.sim.state.Part;
