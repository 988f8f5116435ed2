/**
 * Benchmarks of the parts, by JMH. What they measured is in {@code bench/RESULTS.md} with the command that made it.
 */
@Part(name = "bench", mayUse = {"machine.board", "machine.isa", "machine.sbi", "network.link", "network.node",
    "network.topo",
    "sim.event", "sim.time", "sim.trace"})
package calvin.bench;

import calvin.sim.state.Part;
