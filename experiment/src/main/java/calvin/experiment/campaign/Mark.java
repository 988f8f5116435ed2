package calvin.experiment.campaign;

import calvin.experiment.world.NodeUnit;
import calvin.experiment.world.World;
import java.util.Arrays;

/**
 * How far the golden run was at one time: the axes on which faults have their coordinates.
 *
 * @param instret instructions retired, by node and hart
 * @param frames  frames sent, by port
 */
record Mark(long timePs, long[][] instret, long[] frames) {
    static Mark of(World world) {
        long[][] instret = world.nodes().stream().map(NodeUnit::instret).toArray(long[][]::new);
        long[] frames = new long[world.plan().topology().ports().size()];
        Arrays.setAll(frames, world::sentFrames);
        return new Mark(world.timePs(), instret, frames);
    }
}
