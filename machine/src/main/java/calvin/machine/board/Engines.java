package calvin.machine.board;

import calvin.machine.hart.Engine;
import calvin.machine.hart.EngineFactory;
import calvin.machine.interp.CodeCache;
import calvin.machine.interp.Interpreter;
import java.util.ArrayList;
import java.util.List;

/** The execution engines there are. */
public final class Engines {
    /** The predecoded interpreter; harts of a machine share decoded pages. */
    public static final EngineFactory INTERPRETER = (bus, harts, extensions) -> {
        CodeCache code = new CodeCache();
        List<Engine> engines = new ArrayList<>();
        for (int i = 0; i < harts; i++) {
            engines.add(new Interpreter(bus, code, extensions));
        }
        return engines;
    };

    private Engines() {
    }
}
