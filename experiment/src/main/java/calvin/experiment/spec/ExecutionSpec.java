package calvin.experiment.spec;

import calvin.experiment.input.Text;
import java.util.List;

/**
 * How to run, which never changes results.
 *
 * @param threads in each process
 * @param workers number of processes on this machine; ignored where {@code hosts} is not empty
 * @param hosts   {@code host:port} of workers that already listen
 */
public record ExecutionSpec(int threads, int workers, List<Text> hosts) {
}
