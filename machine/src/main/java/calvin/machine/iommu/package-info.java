/**
 * The RISC-V IOMMU (iommu 1.0): translates what devices read and write by tables in memory, redirects their messages to
 * the interrupt files of guests, and reports what it refuses. Devices reach it by the {@link calvin.machine.bus.Dma} of
 * their device id.
 */
@Part(name = "machine.iommu", mayUse = {"machine.bus", "machine.mem", "machine.mmu"})
package calvin.machine.iommu;

import calvin.sim.state.Part;
