/**
 * Traces of a machine: instructions, exceptions, interrupts, device accesses, modes, waiting and hosted kernels,
 * filtered and written as text or as a timeline for Perfetto. Observing changes nothing that is computed.
 */
@Part(name = "machine.observe", mayUse = {"machine.board", "machine.bus", "machine.hart", "machine.isa",
    "machine.trace", "sim.event"})
package calvin.machine.observe;

import calvin.sim.state.Part;
