/**
 * Virtual cores: what the hypervisor keeps of each, the world switch, guest time, and interrupts and exceptions put
 * into a guest (priv H; priv Sstc).
 */
@Part(name = "hypervisor.vcpu", mayUse = {"machine.hosted", "machine.isa"})
package calvin.hypervisor.vcpu;

import calvin.sim.state.Part;
