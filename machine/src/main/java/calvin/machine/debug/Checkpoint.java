package calvin.machine.debug;

import calvin.machine.board.Machine;
import calvin.sim.state.Snapshot;

/**
 * A moment to go back to. Pages are shared copy-on-write with the machine, so it costs what changes after it.
 *
 * @param slice   what was left of a slice that a stop had cut, or null
 * @param cycles  of each hart
 * @param timePs  of the lane
 * @param inputs  how many recorded inputs came before it
 * @param printed bytes printed before it
 * @param instructions retired by all harts before it
 */
record Checkpoint(Snapshot snapshot, Machine.Slice slice, long[] cycles, long timePs, int inputs, long printed,
        long instructions) {
    /** Whether it lies before or at the moment at which {@code hart} comes to {@code cycle}. */
    boolean notAfter(int hart, long cycle) {
        return cycles[hart] <= cycle;
    }
}
