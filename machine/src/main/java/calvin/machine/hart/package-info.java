/**
 * Harts: architectural state, CSR behaviour, privilege, traps and interrupts (priv; unpriv, A and Zicsr).
 */
@Part(name = "machine.hart", mayUse = {"machine.isa", "machine.mem", "machine.mmu", "machine.bus", "machine.exec",
    "machine.hosted", "machine.timing"})
package calvin.machine.hart;

import calvin.sim.state.Part;
