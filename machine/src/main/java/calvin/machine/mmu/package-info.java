/**
 * Address translation: Sv39, Sv48 and Sv57 walks and their x4 forms for the G stage (priv, "Supervisor", "Hypervisor").
 */
@Part(name = "machine.mmu", mayUse = {"machine.mem"})
package calvin.machine.mmu;

import calvin.sim.state.Part;
