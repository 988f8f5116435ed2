package calvin.experiment.campaign;

import calvin.experiment.input.InputException;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.report.RunResult;
import calvin.experiment.spec.FaultsSpec;
import calvin.experiment.world.NodeUnit;
import calvin.experiment.world.RunLoop;
import calvin.experiment.world.World;
import calvin.sim.check.BugException;
import calvin.sim.state.Snapshot;
import calvin.sim.state.StateHash;
import calvin.sim.state.Stateful;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The run without a fault, made twice: once to learn how long it is and what it touches, once more for the checkpoints.
 * Both must end in one state, or Calvin is broken.
 *
 * @param result      the run
 * @param end         how far everything was at its end
 * @param marks       how far everything was at the start, at the ends of windows and at the end, by time
 * @param checkpoints by time, the first at the start
 * @param pages       numbers of the pages that were touched, by node
 */
record Golden(RunResult result, Mark end, Map<Long, Mark> marks, List<Checkpoint> checkpoints, List<long[]> pages) {
    static Golden run(PlanDocument document) {
        RunResult result;
        Mark end;
        List<long[]> pages;
        try (World world = World.alone(document.plan(), document.images())) {
            RunLoop loop = new RunLoop(world, document.plan().untilPs(), RunLoop.Watcher.NONE);
            RunResult.End reason = loop.advance(SimTime.NEVER);
            result = new RunResult(reason, loop.timePs(), loop.windows(), world.reports());
            end = Mark.of(world);
            pages = world.nodes().stream().map(NodeUnit::touchedPages).toList();
        }
        if (result.end() != RunResult.End.ENDED) {
            throw new InputException(document.spec().faults().place(),
                    "a campaign needs a run that ends by itself without faults; this one"
                            + " ended because " + result.end().text());
        }
        return withCheckpoints(document, result, end, pages);
    }

    private static Golden withCheckpoints(PlanDocument document, RunResult result, Mark end, List<long[]> pages) {
        FaultsSpec faults = document.spec().faults();
        TreeSet<Long> checkpointTimes = new TreeSet<>();
        for (int i = 0; i < faults.checkpoints(); i++) {
            checkpointTimes.add(result.endPs() / faults.checkpoints() * i);
        }
        TreeSet<Long> stops = new TreeSet<>(checkpointTimes);
        for (FaultsSpec.Stratum stratum : faults.strata()) {
            stops.add(Math.min(stratum.fromPs(), result.endPs()));
            stops.add(Math.min(stratum.toPs(), result.endPs()));
        }
        stops.remove(result.endPs());
        Map<Long, Mark> marks = new TreeMap<>();
        List<Checkpoint> checkpoints = new ArrayList<>();
        try (World world = World.alone(document.plan(), document.images())) {
            RunLoop loop = new RunLoop(world, document.plan().untilPs(), RunLoop.Watcher.NONE);
            for (long stop : stops) {
                loop.advance(stop);
                Mark mark = Mark.of(world);
                marks.put(stop, mark);
                if (checkpointTimes.contains(stop)) {
                    checkpoints.add(new Checkpoint(mark, Snapshot.take(world.components()), hashes(world)));
                }
            }
            loop.advance(SimTime.NEVER);
            String again = RunResult.combine(world.laneHashes());
            if (!again.equals(result.stateHash())) {
                throw new BugException("two golden runs differ: state " + result.stateHash() + " and " + again);
            }
        }
        marks.put(result.endPs(), end);
        checkpoints.sort(Comparator.comparingLong(c -> c.mark().timePs()));
        return new Golden(result, end, marks, List.copyOf(checkpoints), pages);
    }

    private static List<String> hashes(World world) {
        return world.components().stream().map(StateHash::of).toList();
    }

    /** How far everything was at the given end of a window. */
    Mark at(long timePs) {
        return marks.get(Math.min(timePs, result.endPs()));
    }

    /** The last checkpoint from which the fault's place still lies ahead; the first where none does. */
    Checkpoint before(calvin.sim.fault.Fault fault) {
        for (int i = checkpoints.size() - 1; i > 0; i--) {
            if (checkpoints.get(i).isBefore(fault)) {
                return checkpoints.get(i);
            }
        }
        return checkpoints.get(0);
    }

    /**
     * Whether a world is in the golden state of a checkpoint of the same time. Small components are compared first:
     * where anything differs, some register or queue mostly does, and the memory need not be hashed.
     */
    static boolean converged(World world, Checkpoint checkpoint) {
        List<Stateful> components = world.components();
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < components.size(); i++) {
                boolean large = components.get(i) instanceof calvin.sim.state.Pages;
                if (large == (pass == 1) && !StateHash.of(components.get(i)).equals(checkpoint.hashes().get(i))) {
                    return false;
                }
            }
        }
        return true;
    }
}
