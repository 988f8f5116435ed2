package calvin.enclave;

import calvin.machine.dev.ConsoleSink;
import calvin.machine.hart.EngineFactory;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Port;

/**
 * What a node is connected to.
 *
 * @param engine  executes its instructions
 * @param console takes what it prints
 * @param trace   takes its trace records
 * @param port    the sending half of its card's link; null without a card
 */
public record NodeWiring(EngineFactory engine, ConsoleSink console, TraceSink trace, Port port) {}
