/**
 * The socket at which gdb reaches a machine: waits, reads, sends, and lets the machine run in between.
 */
@Part(name = "experiment.gdb", mayUse = {"experiment.input", "machine.board", "machine.debug", "machine.gdb",
    "sim.event"})
package calvin.experiment.gdb;

import calvin.sim.state.Part;
