/**
 * The virtio network device (virtio 1.2, 5.1), attached to the experiment's network like any card.
 */
@Part(name = "machine.virtio.net", mayUse = {"machine.virtio", "machine.virtio.queue", "sim.wire"})
package calvin.machine.virtio.net;

import calvin.sim.state.Part;
