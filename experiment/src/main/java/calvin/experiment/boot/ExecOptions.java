package calvin.experiment.boot;

import calvin.machine.timing.Fidelity;
import java.util.List;

/**
 * A program to run.
 *
 * @param image       name in the catalogue or path
 * @param arguments   argv behind the program's name
 * @param memoryBytes of the machine that the program sees: of the virtual one where it is virtualized
 * @param virtualized whether it runs on a second lightweight kernel in a virtual machine of the first
 * @param engine      name of the engine: see {@link calvin.machine.board.Engines#named}
 * @param fidelity    how the clock follows what instructions do
 * @param stats       whether to print what the run took
 * @param inspection  how the machine is looked at
 */
public record ExecOptions(String image, List<String> arguments, int harts, long memoryBytes, boolean virtualized,
        String engine, Fidelity fidelity, boolean stats, Inspection inspection) {}
