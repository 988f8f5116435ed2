/**
 * One machine or one program on the terminal, without an experiment file: what the {@code boot} and {@code exec}
 * commands do.
 */
@Part(name = "experiment.boot", mayUse = {"enclave", "experiment.gdb", "experiment.input", "experiment.plan",
    "experiment.stats", "guests", "machine.board", "machine.debug", "machine.dev", "machine.disk", "machine.elf",
    "machine.fitting", "machine.gdb", "machine.hart", "machine.isa", "machine.mem", "machine.observe",
    "machine.profile", "machine.sbi", "machine.timed", "machine.timing", "machine.trace", "machine.virtio.share",
    "sim.event", "sim.trace"})
package calvin.experiment.boot;

import calvin.sim.state.Part;
