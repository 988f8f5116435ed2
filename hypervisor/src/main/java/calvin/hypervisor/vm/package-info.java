/**
 * A virtual machine as bytes: what it was specified to be, its state, its error. No behaviour; every other package of
 * the hypervisor works on these layouts.
 */
@Part(name = "hypervisor.vm")
package calvin.hypervisor.vm;

import calvin.sim.state.Part;
