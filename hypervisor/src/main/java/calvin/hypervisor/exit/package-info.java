/**
 * Exits: why a guest left, what the hardware says about it, and how often it happened. Reasons are a table; an {@link
 * calvin.hypervisor.exit.Exit} carries one with its payload to people and tests (priv H, "Traps").
 */
@Part(name = "hypervisor.exit", mayUse = {"hypervisor.host", "hypervisor.vm", "hypervisor.vcpu", "hypervisor.gpa",
    "machine.hosted", "machine.isa"})
package calvin.hypervisor.exit;

import calvin.sim.state.Part;
