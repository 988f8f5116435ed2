/**
 * Which kernel owns which harts and memory of a node: from a {@link calvin.enclave.NodeSpec} to a machine that is ready
 * to run. The specification is pure data; building puts images and boot parameters into the machine's memory and starts
 * its kernels.
 */
@Part(name = "enclave", mayUse = {"hypervisor.exit", "hypervisor.vcpu", "hypervisor.vm", "lwk.abi", "lwk.boot",
    "lwk.task", "lwk.vmm", "machine.board", "machine.dev", "machine.elf", "machine.hart", "machine.hosted",
    "machine.mem", "machine.nic", "machine.nic.verbs", "machine.sbi", "sim.event", "sim.trace", "sim.wire"})
package calvin.enclave;

import calvin.sim.state.Part;
