/**
 * Virtual devices: what answers in hooked ranges of guest-physical addresses. Their registers are words of {@code
 * VmStruct.DEVICE}; the classes hold nothing.
 */
@Part(name = "hypervisor.vdev", mayUse = {"hypervisor.host", "hypervisor.vm", "machine.hosted"})
package calvin.hypervisor.vdev;

import calvin.sim.state.Part;
