/**
 * The machine for a program that embeds it, a JUnit test above all: built, loaded, run to a condition and looked into
 * in a few lines. Adds nothing that {@code machine.board} cannot do.
 */
@Part(name = "machine.embed", mayUse = {"machine.isa", "machine.mem", "machine.hart", "machine.hosted", "machine.bus",
    "machine.board", "machine.dev", "machine.elf", "machine.sbi", "sim.event", "sim.trace", "sim.time"})
package calvin.machine.embed;

import calvin.sim.state.Part;
