package calvin.experiment.campaign;

import calvin.experiment.plan.PlanDocument;
import calvin.experiment.report.LaneReport;
import calvin.experiment.report.RunResult;
import calvin.experiment.world.RunLoop;
import calvin.experiment.world.World;
import calvin.sim.fault.Applied;
import calvin.sim.fault.Fault;
import calvin.sim.fault.FaultSeam;
import calvin.sim.time.SimTime;
import java.util.List;

/** One experiment of a campaign: a world with one fault. */
final class Trial {
    private static final int FIRST_SIGNAL_CODE = 128;

    private final PlanDocument document;
    private final GoldenOutput golden;

    Trial(PlanDocument document, GoldenOutput golden) {
        this.document = document;
        this.golden = golden;
    }

    /** Forks from the nearest checkpoint, and stops early where the state is golden again. */
    TrialResult fork(Fault fault, Golden full) {
        Checkpoint start = full.before(fault);
        try (World world = World.alone(document.plan(), document.images())) {
            start.snapshot().restore(world.components());
            FaultSeam seam = arm(world, fault);
            RunLoop loop = loop(world);
            for (Checkpoint checkpoint : full.checkpoints()) {
                if (checkpoint.mark().timePs() <= start.mark().timePs()) {
                    continue;
                }
                if (loop.advance(checkpoint.mark().timePs()) != null) {
                    break;
                }
                if (!seam.applied().isEmpty() && Golden.converged(world, checkpoint)) {
                    return TrialResult.converged(fault, seam.applied().get(0), checkpoint.mark().timePs(),
                            full.result());
                }
            }
            return finish(world, loop, fault, seam);
        } catch (RuntimeException e) {
            return TrialResult.toolError(fault, e.toString());
        }
    }

    /** Runs from the start to the end. */
    TrialResult cold(Fault fault) {
        try (World world = World.alone(document.plan(), document.images())) {
            FaultSeam seam = arm(world, fault);
            return finish(world, loop(world), fault, seam);
        } catch (RuntimeException e) {
            return TrialResult.toolError(fault, e.toString());
        }
    }

    private static FaultSeam arm(World world, Fault fault) {
        for (FaultSeam seam : world.seams()) {
            if (seam.owns(fault)) {
                seam.arm(fault);
                return seam;
            }
        }
        throw new IllegalStateException("nobody owns " + fault);
    }

    private RunLoop loop(World world) {
        double budget = golden.endPs() * document.spec().faults().hangFactor();
        return new RunLoop(world, (long) Math.min(SimTime.NEVER - 1, budget), RunLoop.Watcher.NONE);
    }

    private TrialResult finish(World world, RunLoop loop, Fault fault, FaultSeam seam) {
        RunResult.End end = loop.advance(SimTime.NEVER);
        RunResult result = new RunResult(end, loop.timePs(), loop.windows(), world.reports());
        if (seam.applied().isEmpty()) {
            return TrialResult.of(fault, Outcome.NOT_FIRED, null, result, "");
        }
        Applied applied = seam.applied().get(0);
        return TrialResult.of(fault, classify(result), applied, result, detail(result));
    }

    private Outcome classify(RunResult result) {
        if (result.end() == RunResult.End.FAILED) {
            return Outcome.CRASH;
        }
        boolean noticed = false;
        for (int i = 0; i < result.nodes().size(); i++) {
            LaneReport.NodeReport node = result.node(i);
            // A task that a signal ended shows before its node has ended.
            for (LaneReport.TaskReport task : node.tasks()) {
                if (task.exitCode() >= FIRST_SIGNAL_CODE && golden.nodes().get(i).code() < FIRST_SIGNAL_CODE) {
                    return Outcome.CRASH;
                }
            }
            if (node.state().equals("ENDED") && node.code() != golden.nodes().get(i).code()) {
                if (node.code() >= FIRST_SIGNAL_CODE) {
                    return Outcome.CRASH;
                }
                noticed = true;
            }
        }
        if (noticed) {
            return Outcome.DETECTED;
        }
        if (result.end() != RunResult.End.ENDED) {
            return Outcome.HANG;
        }
        if (Output.equal(result.nodes(), golden.nodes())) {
            return Outcome.MASKED;
        }
        return Output.equalButMeasured(document, result.nodes(), golden.nodes()) ? Outcome.DELAYED : Outcome.SDC;
    }

    private String detail(RunResult result) {
        StringBuilder detail = new StringBuilder();
        List<LaneReport.NodeReport> nodes = result.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            LaneReport.NodeReport node = nodes.get(i);
            if (!node.message().isEmpty() || node.code() != golden.nodes().get(i).code()) {
                detail.append(detail.isEmpty() ? "" : "; ").append(document.plan().nodes().get(i).name()).append(": ")
                        .append(node.message().isEmpty() ? "code " + node.code() : node.message());
            }
        }
        return detail.toString();
    }
}
