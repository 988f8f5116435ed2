package calvin.experiment.campaign;

import calvin.sim.fault.Fault;
import calvin.sim.state.Snapshot;
import java.util.List;

/**
 * A state of the golden run to fork from and to compare with.
 *
 * @param hashes of all components, in the order of the world's components
 */
record Checkpoint(Mark mark, Snapshot snapshot, List<String> hashes) {
    /** Whether the fault's place still lies ahead. */
    boolean isBefore(Fault fault) {
        return switch (fault) {
            case Fault.RegisterFlip flip -> mark.instret()[flip.node()][flip.hart()] < flip.instret();
            case Fault.MemoryFlip flip -> mark.instret()[flip.node()][flip.hart()] < flip.instret();
            case Fault.PacketDrop drop -> mark.frames()[drop.port()] <= drop.ordinal();
        };
    }
}
