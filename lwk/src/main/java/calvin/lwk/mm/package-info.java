/**
 * Memory: the kernel heap, the list of physical memory, address spaces and their page tables, the heap inside an
 * address space, user memory. Mechanisms without policy: they work on bytes through {@code Memory} and know neither
 * tasks nor calls. Follows priv, Sv48.
 */
@Part(name = "lwk.mm", mayUse = {"lwk.abi", "lwk.state", "machine.hosted", "machine.isa"})
package calvin.lwk.mm;

import calvin.sim.state.Part;
