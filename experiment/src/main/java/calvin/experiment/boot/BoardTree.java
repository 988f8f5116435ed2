package calvin.experiment.boot;

import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.Machine;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.trace.TraceSink;
import java.util.List;

/** The device tree of a board, for the user to look at. */
public final class BoardTree {
    private BoardTree() {}

    /** @param forFirmware as software in M mode gets it, rather than a kernel */
    public static byte[] of(BoardSpec board, String arguments, boolean forFirmware) {
        Machine machine = new Machine(new Lane("node0"), 0, board, List.of(new SbiFirmware()), Engines.INTERPRETER,
                (timePs, value) -> {
                }, TraceSink.NONE);
        try {
            return forFirmware ? machine.deviceTree(arguments) : machine.kernelTree(arguments);
        } finally {
            machine.close();
        }
    }
}
