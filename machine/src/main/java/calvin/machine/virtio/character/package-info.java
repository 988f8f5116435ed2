/**
 * Virtio devices that deal in streams of bytes: console (virtio 1.2, 5.3) and entropy source (5.4).
 */
@Part(name = "machine.virtio.character", mayUse = {"machine.dev", "machine.virtio", "machine.virtio.queue", "sim.seed"})
package calvin.machine.virtio.character;

import calvin.sim.state.Part;
