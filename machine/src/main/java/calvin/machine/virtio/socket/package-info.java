/**
 * The virtio socket device (virtio 1.2, 5.10), and what it can be connected to: services of the host, or another guest
 * by a cable.
 */
@Part(name = "machine.virtio.socket", mayUse = {"machine.virtio", "machine.virtio.queue", "sim.wire"})
package calvin.machine.virtio.socket;

import calvin.sim.state.Part;
