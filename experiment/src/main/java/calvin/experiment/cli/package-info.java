/**
 * The command line: options to calls, errors to exit codes (0 success, 1 the expectation failed, 2 bad input, 3 a bug
 * in Calvin). The only place that knows Picocli.
 */
@Part(name = "experiment.cli", mayUse = {"experiment.boot", "experiment.campaign", "experiment.input",
    "experiment.json", "experiment.plan", "experiment.report", "experiment.run", "experiment.spec",
    "experiment.stats", "guests", "guests.debian", "machine.board", "machine.observe", "machine.timing"})
package calvin.experiment.cli;

import calvin.sim.state.Part;
