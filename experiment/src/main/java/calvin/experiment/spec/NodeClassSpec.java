package calvin.experiment.spec;

import calvin.experiment.input.Place;
import calvin.experiment.input.Text;
import calvin.machine.timing.Fidelity;
import java.util.Map;

/**
 * A kind of node.
 *
 * @param hartPeriodPs length of a hart's cycle
 * @param fidelity    whether an instruction is one cycle, or as long as caches and memory take
 * @param kernel      what runs natively: {@code lwk}, or {@code none} where a workload entry brings its own kernel
 *                    image
 * @param card        costs of the RDMA card by name, in picoseconds or bits per second; those absent keep the card's
 *                    default
 * @param cardPlaces  where each stands
 * @param memoryPlace where the memory size stands, for checks against images
 */
public record NodeClassSpec(Text name, Board board, int harts, long memoryBytes, Place memoryPlace, long hartPeriodPs,
        int numaNodes, Fidelity fidelity, Kernel kernel, Map<String, Long> card, Map<String, Place> cardPlaces) {
    /** Address maps. */
    public enum Board {
        HPC, VIRT
    }

    /** What runs natively on a node. */
    public enum Kernel {
        LWK, NONE
    }

    public NodeClassSpec {
        card = java.util.Collections.unmodifiableMap(card);
        cardPlaces = java.util.Collections.unmodifiableMap(cardPlaces);
    }
}
