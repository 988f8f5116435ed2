/**
 * Guest-physical addresses: G-stage page tables and the table of hooked and directly mapped regions (priv H, "Two-Stage
 * Address Translation"). Guest RAM is one contiguous block of the host, so that gpa to pa is an addition and large
 * pages fit.
 */
@Part(name = "hypervisor.gpa", mayUse = {"hypervisor.vm"})
package calvin.hypervisor.gpa;

import calvin.sim.state.Part;
