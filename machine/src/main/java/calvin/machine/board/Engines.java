package calvin.machine.board;

import calvin.machine.hart.Engine;
import calvin.machine.hart.EngineFactory;
import calvin.machine.hart.HartIsa;
import calvin.machine.interp.CodeCache;
import calvin.machine.interp.Interpreter;
import calvin.machine.isa.Decoder;
import java.util.ArrayList;
import java.util.List;

/** The execution engines there are. */
public final class Engines {
    /** One for the process: it is immutable and larger than an idle machine. */
    private static final Decoder DECODER = new Decoder(HartIsa.EXTENSIONS);

    /** The predecoded interpreter; harts of a machine share decoded pages. */
    public static final EngineFactory INTERPRETER = (bus, harts) -> {
        CodeCache code = new CodeCache();
        List<Engine> engines = new ArrayList<>();
        for (int i = 0; i < harts; i++) {
            engines.add(new Interpreter(bus, code, DECODER));
        }
        return engines;
    };

    private Engines() {}
}
