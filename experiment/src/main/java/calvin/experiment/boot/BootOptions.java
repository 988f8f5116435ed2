package calvin.experiment.boot;

import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.timing.Fidelity;

/**
 * What to boot, and how.
 *
 * @param devices         the board, which can be built, and what is added to it
 * @param maxInstructions limit of instructions over all harts, 0 for none
 * @param saveAt          when to save; null for when the user asks, or at the end
 * @param restarts        whether software can restart the machine; else that ends it
 * @param interactive     whether the console is a terminal with someone at it
 * @param fast            whether virtual time may run ahead of the wall clock although it is interactive
 * @param fidelity        how the clock follows what instructions do
 * @param showHash        whether to print the hash of the machine's state at the end
 * @param inspection      how it is looked at
 * @param engine          name of the engine: see {@link Engines#named}
 * @param showStats       whether to print how the run went
 */
public record BootOptions(BootImages images, BootDevices devices, BootFiles files, long maxInstructions, SaveAt saveAt,
        boolean restarts, boolean interactive, boolean fast, Fidelity fidelity, boolean showHash,
        Inspection inspection, String engine, boolean showStats) {
    /** Of a run by itself: no files, no terminal. */
    public static BootOptions of(BootImages images, BoardSpec board) {
        return new BootOptions(images, BootDevices.none(board), BootFiles.NONE, 0, null, true, false, true,
                Fidelity.FUNCTIONAL, false, Inspection.NONE, Engines.DEFAULT, false);
    }

    public BootOptions withFiles(BootFiles value) {
        return new BootOptions(images, devices, value, maxInstructions, saveAt, restarts, interactive, fast, fidelity,
                showHash, inspection, engine, showStats);
    }

    public BootOptions withMaxInstructions(long value) {
        return new BootOptions(images, devices, files, value, saveAt, restarts, interactive, fast, fidelity,
                showHash, inspection, engine, showStats);
    }

    public BootOptions withSaveAt(SaveAt value) {
        return new BootOptions(images, devices, files, maxInstructions, value, restarts, interactive, fast, fidelity,
                showHash, inspection, engine, showStats);
    }

    public BootOptions withShowHash() {
        return new BootOptions(images, devices, files, maxInstructions, saveAt, restarts, interactive, fast, fidelity,
                true, inspection, engine, showStats);
    }

    public BootOptions withInspection(Inspection value) {
        return new BootOptions(images, devices, files, maxInstructions, saveAt, restarts, interactive, fast, fidelity,
                showHash, value, engine, showStats);
    }
}
