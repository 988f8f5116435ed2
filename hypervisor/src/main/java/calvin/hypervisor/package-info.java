/**
 * The virtual machine monitor in the style of Palacios: a library that a host kernel embeds. It makes virtual machines
 * from specifications, handles their exits, and tells the host what to do next. It has no state of its own (ADR 0003).
 */
@Part(name = "hypervisor", mayUse = {"hypervisor.host", "hypervisor.vm", "hypervisor.gpa", "hypervisor.vcpu",
    "hypervisor.exit", "hypervisor.vdev", "hypervisor.sbi", "machine.hosted", "machine.isa", "machine.fitting",
    "machine.hart"})
package calvin.hypervisor;

import calvin.sim.state.Part;
