/**
 * JSON as a stream of fields in the order of the program: equal values give equal bytes, so documents can be hashed.
 */
@Part(name = "experiment.json")
package calvin.experiment.json;

import calvin.sim.state.Part;
