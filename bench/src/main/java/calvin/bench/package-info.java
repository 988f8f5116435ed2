/**
 * Benchmarks of the parts, by JMH, and a comparison with QEMU. What they measured is in {@code bench/RESULTS.md}, with
 * the commands that measure it again.
 */
@Part(name = "bench", mayUse = {"machine.board", "machine.isa", "machine.sbi", "network.link", "network.node",
    "network.topo",
    "sim.event", "sim.time", "sim.trace"})
package calvin.bench;

import calvin.sim.state.Part;
