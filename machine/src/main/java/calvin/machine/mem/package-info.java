/**
 * Physical memory of a machine: RAM regions in 4 KiB frames, allocated on first touch and shared copy-on-write between
 * memories, forks and snapshots. Shared frames never change; a frame a memory may write belongs to that memory alone.
 */
@Part(name = "machine.mem")
package calvin.machine.mem;

import calvin.sim.state.Part;
