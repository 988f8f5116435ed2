package calvin.machine.oracle;

import calvin.machine.board.Engines;
import calvin.machine.hart.EngineFactory;
import calvin.machine.jit.Tuning;
import java.util.stream.Stream;

/** The engines that tests of whole machines are run on, in one place. */
enum TestEngines {
    INTERPRETER(Engines.INTERPRETER), TRANSLATOR(Engines.translator(Tuning.EAGER));

    final EngineFactory factory;

    TestEngines(EngineFactory factory) {
        this.factory = factory;
    }

    static Stream<TestEngines> all() {
        return Stream.of(values());
    }
}
