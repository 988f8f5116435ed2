package calvin.experiment.spec;

import calvin.experiment.input.Text;
import calvin.experiment.input.YamlMap;
import calvin.machine.board.Engines;
import java.util.List;

/** Reads {@code execution}. */
final class ExecutionReader {
    private static final int MAX_THREADS = 1024;
    private static final int MAX_WORKERS = 1024;

    private ExecutionReader() {}

    static ExecutionSpec read(YamlMap map) {
        int threads = (int) map.integer("threads", 1, 1, MAX_THREADS);
        List<Text> hosts = List.of();
        int workers = 1;
        if (map.isList("workers")) {
            hosts = List.copyOf(map.texts("workers"));
            for (Text host : hosts) {
                if (!host.value().matches("[^:\\s]+:[0-9]{1,5}")) {
                    map.problem(host.place(), "a worker is written `host:port`, found `" + host + "`");
                }
            }
        } else {
            workers = (int) map.integer("workers", 1, 1, MAX_WORKERS);
        }
        String engine = map.string("engine", Engines.DEFAULT);
        if (Engines.named(engine).isEmpty()) {
            map.problem(map.placeOf("engine"), "`" + engine + "` is no engine; there are jit and interp");
        }
        map.done();
        return new ExecutionSpec(threads, workers, hosts, engine);
    }
}
