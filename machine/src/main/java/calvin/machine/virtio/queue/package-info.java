/**
 * Split virtqueues as a device sees them: taking descriptor chains, giving them back, and whom to notify. Nothing a
 * driver writes can make them throw or run without bound.
 */
@Part(name = "machine.virtio.queue", mayUse = {"machine.bus"})
package calvin.machine.virtio.queue;

import calvin.sim.state.Part;
