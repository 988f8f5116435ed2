package calvin.experiment.cli;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.machine.board.Engines;
import picocli.CommandLine.Option;

/** What to execute instructions with, and whether to tell how it went. Never changes results. */
final class EngineOptions {
    // @formatter:off
    @Option(names = "--engine", paramLabel = "NAME",
            description = "jit (default: translates hot code) or interp (interprets all); never changes results.")
    private String engine;
    @Option(names = "--stats",
            description = "Prints instructions, speed, translation and memory on the standard error stream.")
    private boolean stats;

    // @formatter:on

    /** The name given, or null. */
    String engine() {
        if (engine != null && Engines.named(engine).isEmpty()) {
            throw new InputException(Place.of("--engine " + engine), "there are jit and interp");
        }
        return engine;
    }

    /** The name given, or else the default. */
    String engineOrDefault() {
        return engine() == null ? Engines.DEFAULT : engine();
    }

    boolean stats() {
        return stats;
    }
}
