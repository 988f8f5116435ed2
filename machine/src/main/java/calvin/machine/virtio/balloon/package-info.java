/**
 * The traditional virtio memory balloon (virtio 1.2, 5.5).
 */
@Part(name = "machine.virtio.balloon", mayUse = {"machine.virtio", "machine.virtio.queue"})
package calvin.machine.virtio.balloon;

import calvin.sim.state.Part;
