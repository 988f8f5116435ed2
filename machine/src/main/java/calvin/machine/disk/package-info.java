/**
 * What block devices read and write: images that never change, handed in as bytes and named by their hash, and on top
 * of one what the guest has written, which is state.
 */
@Part(name = "machine.disk", mayUse = {"machine.mem"})
package calvin.machine.disk;

import calvin.sim.state.Part;
