package calvin.machine.board;

import calvin.machine.mem.MemoryClass;
import calvin.machine.mem.RamRegion;
import calvin.machine.timing.DramSpec;
import calvin.machine.timing.MachineShape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Boards as the timing model sees them. */
final class Shapes {
    private Shapes() {}

    static MachineShape of(BoardSpec board) {
        List<DramSpec> dram = new ArrayList<>();
        for (int node = 0; node < board.numaNodes(); node++) {
            dram.add(dram(board, node));
        }
        return new MachineShape(board.harts(), board.threadsPerCore(), board.hartPeriodPs(),
                IntStream.range(0, board.harts()).mapToObj(board::numaNodeOfHart).toList(), board.memory().stream()
                        .map(region -> new MachineShape.Region(region.basePa(), region.sizeBytes(), region.numaNode()))
                        .toList(),
                board.numa().distances(), dram);
    }

    /** A node's memory is that of its first region; a node without any is never asked. */
    private static DramSpec dram(BoardSpec board, int node) {
        for (RamRegion region : board.memory()) {
            if (region.numaNode() == node && region.memoryClass() == MemoryClass.HBM) {
                return DramSpec.HBM;
            }
        }
        return DramSpec.DDR;
    }
}
