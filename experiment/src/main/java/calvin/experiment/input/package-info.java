/**
 * User input as checked values: YAML composed to nodes with their positions, quantities with units, and mistakes
 * collected so that all of them are reported at once, each with file, line, column and what would be right.
 */
@Part(name = "experiment.input")
package calvin.experiment.input;

import calvin.sim.state.Part;
