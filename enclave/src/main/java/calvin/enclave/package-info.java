/**
 * Which kernel owns which harts and memory of a node: from a {@link calvin.enclave.NodeSpec} to a machine that is ready to run. The
 * specification is pure data; building puts images and boot parameters into the machine's memory and starts its kernels.
 */
@Part(name = "enclave")
package calvin.enclave;

import calvin.sim.state.Part;
