/**
 * The tree of seeds: every random draw is a function of the experiment seed, a path and an ordinal.
 */
@Part(name = "sim.seed")
package calvin.sim.seed;

import calvin.sim.state.Part;
