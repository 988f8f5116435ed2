/**
 * gdb's remote serial protocol: packets to calls of the debugger and back. Whose bytes these are, a socket's or a
 * test's, it does not know; nothing that comes in makes it fail.
 */
@Part(name = "machine.gdb", mayUse = {"machine.board", "machine.debug", "machine.hart", "machine.isa", "machine.mem",
    "machine.mmu", "sim.event"})
package calvin.machine.gdb;

import calvin.sim.state.Part;
