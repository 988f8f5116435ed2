/**
 * What the command line attaches to a machine: disks, shared folders and other virtio devices, from their options to
 * fittings of the board and what those are supplied with. Here, and only here, the host's files behind them are opened.
 */
@Part(name = "experiment.attach", mayUse = {"experiment.input", "machine.board", "machine.disk", "machine.fitting",
    "machine.mem", "machine.virtio.share", "sim.seed"})
package calvin.experiment.attach;

import calvin.sim.state.Part;
