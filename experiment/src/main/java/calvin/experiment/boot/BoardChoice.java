package calvin.experiment.boot;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.input.Problem;
import calvin.experiment.input.Problems;
import calvin.machine.board.BoardSpec;
import java.nio.file.Path;

/** Finds the board that the command line means: one of Calvin's own by name, or a YAML file. */
public final class BoardChoice {
    private static final long DEFAULT_MEMORY_BYTES = 128L << 20;

    private BoardChoice() {}

    /**
     * @param board       virt, hpc or a file's name
     * @param harts       null for the default
     * @param memoryBytes null for the default
     * @param numaNodes   null for one
     * @throws InputException if it cannot be built, with all that is wrong
     */
    public static BoardSpec choose(String board, Integer harts, Long memoryBytes, Integer numaNodes) {
        if (board.endsWith(".yaml") || board.endsWith(".yml")) {
            if (harts != null || memoryBytes != null || numaNodes != null) {
                throw new InputException(Place.of("--board " + board),
                        "says itself how many harts and how much memory it has: leave out --harts, --memory, --numa");
            }
            Problems problems = new Problems();
            BoardSpec spec = BoardFile.read(Path.of(board), problems);
            problems.throwIfAny();
            return spec;
        }
        long memory = memoryBytes == null ? DEFAULT_MEMORY_BYTES : memoryBytes;
        int nodes = numaNodes == null ? 1 : numaNodes;
        BoardSpec spec = switch (board) {
            case "virt" -> BoardSpec.virt(harts == null ? 1 : harts, memory);
            case "hpc" -> BoardSpec.hpc(harts == null ? nodes : harts, memory, nodes);
            default -> throw new InputException(Place.of("--board " + board),
                    "there are virt, hpc and files whose names end in .yaml");
        };
        if (board.equals("virt") && nodes != 1) {
            throw new InputException(Place.of("--numa " + nodes), "the virt board has one node: take --board hpc");
        }
        if (!spec.problems().isEmpty()) {
            throw new InputException(spec.problems().stream()
                    .map(problem -> new Problem(Place.of("--board " + board), problem)).toList());
        }
        return spec;
    }
}
