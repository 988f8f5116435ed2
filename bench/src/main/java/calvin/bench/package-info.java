/**
 * Benchmarks of the parts, by JMH. What they measured is in {@code bench/RESULTS.md} with the command that made it.
 */
@Part(name = "bench", mayUse = {"sim.event"})
package calvin.bench;

import calvin.sim.state.Part;
