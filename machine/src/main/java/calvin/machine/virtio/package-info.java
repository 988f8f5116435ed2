/**
 * Virtio devices: what is common to all kinds and both transports. A device knows its queues and its configuration
 * bytes, a transport registers and interrupts, and {@link calvin.machine.virtio.VirtioCore} is what lies between them
 * (virtio 1.2).
 */
@Part(name = "machine.virtio", mayUse = {"machine.bus", "machine.virtio.queue", "sim.event"})
package calvin.machine.virtio;

import calvin.sim.state.Part;
