package calvin.experiment.boot;

import java.io.IOException;

/** What is done between the slices of a {@link TerminalLoop}. */
interface LoopHooks {
    /** Nothing. */
    LoopHooks NONE = new LoopHooks() {
    };

    /** Called before each slice; false ends the run. */
    default boolean turn() throws IOException {
        return true;
    }

    /** Slices end at this time at the latest, until {@link #turn} has been called. */
    default long limitPs() {
        return Long.MAX_VALUE;
    }

    /** The same for instructions of all harts. */
    default long limitInstructions() {
        return Long.MAX_VALUE;
    }

    /** Something was typed at the machine's console. */
    default void typed(long timePs, byte[] bytes) throws IOException {}
}
