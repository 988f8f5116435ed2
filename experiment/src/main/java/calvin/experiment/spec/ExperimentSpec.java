package calvin.experiment.spec;

import calvin.experiment.input.Text;
import java.nio.file.Path;
import java.util.List;

/**
 * One experiment file.
 *
 * @param folder  where relative image paths start
 * @param untilPs the virtual time at which the run ends at the latest
 */
public record ExperimentSpec(Path folder, Text name, long seed, long untilPs, List<NodeClassSpec> classes,
        TopologySpec topology,
        List<WorkSpec> workload, FaultsSpec faults, ObserveSpec observe, ExpectSpec expect, ExecutionSpec execution) {
    /** The same experiment with another seed. */
    public ExperimentSpec withSeed(long other) {
        return new ExperimentSpec(folder, name, other, untilPs, classes, topology, workload, faults, observe, expect,
                execution);
    }

    /** The same experiment, run otherwise. */
    public ExperimentSpec withExecution(ExecutionSpec other) {
        return new ExperimentSpec(folder, name, seed, untilPs, classes, topology, workload, faults, observe, expect,
                other);
    }

    /** The same experiment, observed otherwise. */
    public ExperimentSpec withObserve(ObserveSpec other) {
        return new ExperimentSpec(folder, name, seed, untilPs, classes, topology, workload, faults, other, expect,
                execution);
    }

    /** The seed of the fault list. */
    public long faultSeed() {
        return faults.ownSeed() == null ? seed : faults.ownSeed();
    }

    /** The class of that name, or null. */
    public NodeClassSpec nodeClass(String wanted) {
        return classes.stream().filter(c -> c.name().value().equals(wanted)).findFirst().orElse(null);
    }
}
