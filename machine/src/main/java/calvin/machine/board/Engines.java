package calvin.machine.board;

import calvin.machine.hart.Engine;
import calvin.machine.hart.EngineFactory;
import calvin.machine.hart.HartIsa;
import calvin.machine.interp.CodeCache;
import calvin.machine.interp.Interpreter;
import calvin.machine.interp.Promoter;
import calvin.machine.isa.Decoder;
import calvin.machine.jit.MachinePromoter;
import calvin.machine.jit.RegionCache;
import calvin.machine.jit.RegionStats;
import calvin.machine.jit.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The execution engines there are. */
public final class Engines {
    /** One for the process: it is immutable and larger than an idle machine. */
    static final Decoder DECODER = new Decoder(HartIsa.EXTENSIONS);

    /** The predecoded interpreter; harts of a machine share decoded pages. */
    public static final EngineFactory INTERPRETER = (bus, harts) -> {
        CodeCache code = new CodeCache();
        List<Engine> engines = new ArrayList<>();
        for (int i = 0; i < harts; i++) {
            engines.add(new Interpreter(bus, code, DECODER));
        }
        return engines;
    };

    private static final RegionCache REGIONS = new RegionCache(DECODER, Tuning.DEFAULT);

    /** The interpreter, and translated code where it is hot; regions are shared by all machines of the process. */
    public static final EngineFactory TRANSLATOR = translator(REGIONS);

    /** As {@link #TRANSLATOR}, with its own regions and tuning: for tests and measurements. */
    public static EngineFactory translator(Tuning tuning) {
        return translator(regions(tuning));
    }

    /** Regions of their own for some machines, made as {@code tuning} says: for tests and measurements. */
    public static RegionCache regions(Tuning tuning) {
        return new RegionCache(DECODER, tuning);
    }

    /** As {@link #TRANSLATOR}, with regions that only machines of this factory share. */
    public static EngineFactory translator(RegionCache regions) {
        return (bus, harts) -> {
            CodeCache code = new CodeCache();
            Promoter promoter = new MachinePromoter(regions, bus);
            List<Engine> engines = new ArrayList<>();
            for (int i = 0; i < harts; i++) {
                engines.add(new Interpreter(bus, code, DECODER, promoter));
            }
            return engines;
        };
    }

    /** The name of the engine to use where none is asked for. */
    public static final String DEFAULT = "jit";

    /** The engine that the command line calls {@code interp} or {@code jit}, if it is one of these. */
    public static Optional<EngineFactory> named(String name) {
        return switch (name) {
            case "interp" -> Optional.of(INTERPRETER);
            case "jit" -> Optional.of(TRANSLATOR);
            default -> Optional.empty();
        };
    }

    /** What {@link #TRANSLATOR} has translated in this process. */
    public static RegionStats regions() {
        return REGIONS.stats();
    }

    private Engines() {}
}
