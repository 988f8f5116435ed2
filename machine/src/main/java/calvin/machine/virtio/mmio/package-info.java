/**
 * The transport of virtio devices over memory-mapped registers (virtio 1.2, 4.2).
 */
@Part(name = "machine.virtio.mmio", mayUse = {"machine.bus", "machine.virtio", "machine.virtio.queue", "sim.event"})
package calvin.machine.virtio.mmio;

import calvin.sim.state.Part;
