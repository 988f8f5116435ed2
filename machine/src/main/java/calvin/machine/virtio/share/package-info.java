/**
 * A folder shared with the guest: the 9P2000.L protocol over virtio (virtio transport of Linux's v9fs), and the tree of
 * files it serves, read as it was when the run began and changed in memory only.
 */
@Part(name = "machine.virtio.share", mayUse = {"machine.disk", "machine.virtio", "machine.virtio.queue"})
package calvin.machine.virtio.share;

import calvin.sim.state.Part;
