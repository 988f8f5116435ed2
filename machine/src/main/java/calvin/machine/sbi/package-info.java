/**
 * Hosted firmware: the Supervisor Binary Interface 2.0 at M level (riscv-sbi-doc).
 */
@Part(name = "machine.sbi", mayUse = {"machine.hosted", "machine.isa"})
package calvin.machine.sbi;

import calvin.sim.state.Part;
