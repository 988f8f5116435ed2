/**
 * What instructions and memory accesses cost at the {@code timed} fidelity: caches, TLBs and page walks, NUMA links,
 * DRAM rows and bandwidth, out of tables. Nothing here knows what a program computes; it is told addresses and answers
 * with times, and what it remembers is state of the machine, saved and hashed like all other.
 */
@Part(name = "machine.timing", mayUse = {"machine.isa", "machine.mmu", "sim.check", "sim.state", "sim.time"})
package calvin.machine.timing;

import calvin.sim.state.Part;
