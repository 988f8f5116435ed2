/** What the hypervisor asks of the kernel it is embedded in. */
@Part(name = "hypervisor.host", mayUse = {"machine.hosted"})
package calvin.hypervisor.host;

import calvin.sim.state.Part;
