/**
 * The transport of virtio devices as PCI functions (virtio 1.2, 4.1).
 */
@Part(name = "machine.virtio.pci", mayUse = {"machine.bus", "machine.pci", "machine.virtio", "machine.virtio.queue",
    "sim.event"})
package calvin.machine.virtio.pci;

import calvin.sim.state.Part;
