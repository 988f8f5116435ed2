/**
 * Whole machines: board descriptions, address maps, the run loop over harts, devices and events, faults, status.
 */
@Part(name = "machine.board", mayUse = {"machine.isa", "machine.mem", "machine.mmu", "machine.hart", "machine.hosted",
    "machine.bus", "machine.sbi", "machine.dev", "machine.elf", "machine.fitting", "machine.interp", "machine.jit",
    "machine.timed", "machine.timing", "sim.event", "sim.fault", "sim.trace"})
package calvin.machine.board;

import calvin.sim.state.Part;
