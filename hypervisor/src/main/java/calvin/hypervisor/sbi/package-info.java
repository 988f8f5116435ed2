/** The firmware that a guest finds: SBI calls from VS mode, answered by the hypervisor (sbi 2.0). */
@Part(name = "hypervisor.sbi", mayUse = {"hypervisor.host", "hypervisor.vm", "hypervisor.vcpu", "hypervisor.exit",
    "machine.hosted", "machine.isa"})
package calvin.hypervisor.sbi;

import calvin.sim.state.Part;
