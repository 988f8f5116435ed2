package calvin.experiment.spec;

import calvin.experiment.input.Text;
import java.util.List;

/**
 * How to run, which never changes results.
 *
 * @param threads in each process
 * @param workers number of processes on this machine; ignored where {@code hosts} is not empty
 * @param hosts   {@code host:port} of workers that already listen
 * @param engine  name of the engine that executes instructions, see {@link calvin.machine.board.Engines#named}
 */
public record ExecutionSpec(int threads, int workers, List<Text> hosts, String engine) {
    /** How many processes advance the world. */
    public int processes() {
        return hosts.isEmpty() ? workers : hosts.size() + 1;
    }

    /** With other numbers; null keeps what there is. A number of workers replaces the hosts. */
    public ExecutionSpec with(Integer otherThreads, Integer otherWorkers) {
        int newThreads = otherThreads == null ? threads : Math.max(1, otherThreads);
        return otherWorkers == null
                ? new ExecutionSpec(newThreads, workers, hosts, engine)
                : new ExecutionSpec(newThreads, Math.max(1, otherWorkers), List.of(), engine);
    }

    /** With another engine; null keeps what there is. */
    public ExecutionSpec withEngine(String other) {
        return other == null ? this : new ExecutionSpec(threads, workers, hosts, other);
    }
}
