/**
 * The virtio block device (virtio 1.2, 5.2).
 */
@Part(name = "machine.virtio.block", mayUse = {"machine.disk", "machine.virtio", "machine.virtio.queue"})
package calvin.machine.virtio.block;

import calvin.sim.state.Part;
