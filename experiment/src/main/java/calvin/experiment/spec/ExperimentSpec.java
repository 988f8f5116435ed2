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
public record ExperimentSpec(Path folder, Text name, long seed, long untilPs, List<NodeClassSpec> classes, TopologySpec topology,
        List<WorkSpec> workload, FaultsSpec faults, ObserveSpec observe, ExpectSpec expect, ExecutionSpec execution) {
    /** The class of that name, or null. */
    public NodeClassSpec nodeClass(String wanted) {
        return classes.stream().filter(c -> c.name().value().equals(wanted)).findFirst().orElse(null);
    }
}
