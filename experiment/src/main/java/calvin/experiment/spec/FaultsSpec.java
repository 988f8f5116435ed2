package calvin.experiment.spec;

import calvin.experiment.input.Place;
import calvin.experiment.input.Text;
import java.util.List;

/**
 * A campaign: how many faults of which kinds, drawn where.
 *
 * @param place       where the block stands; a place without a line says that the file has none
 * @param ownSeed     its seed, null for the experiment's
 * @param checkpoints number of golden snapshots from which experiments fork
 * @param hangFactor  an experiment that needs more than this many times the golden virtual time hangs
 */
public record FaultsSpec(Place place, Long ownSeed, int checkpoints, double hangFactor, List<Stratum> strata) {
    /** Kinds of faults. */
    public enum Kind {
        REGISTER_FLIP, MEMORY_FLIP, PACKET_DROP
    }

    /**
     * One homogeneous part of the fault space, sampled uniformly.
     *
     * @param nodes  names of nodes whose harts, memory or outgoing frames are targets; empty for all
     * @param fromPs start of the window in virtual time of the golden run
     * @param toPs   its end; {@code Long.MAX_VALUE} for the end of the golden run
     * @param firstRegister lowest integer register drawn from, for register flips
     * @param lastRegister  highest one
     */
    public record Stratum(Kind kind, int count, List<Text> nodes, long fromPs, long toPs, int firstRegister,
            int lastRegister) {}
}
