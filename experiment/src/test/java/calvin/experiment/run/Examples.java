package calvin.experiment.run;

import calvin.experiment.input.Problems;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.plan.Planner;
import calvin.experiment.spec.ExperimentSpec;
import calvin.experiment.spec.SpecReader;
import java.nio.file.Path;

/** Small experiments for tests. */
public final class Examples {
    /** Two nodes exchange messages of 8 to 1024 bytes: 0.8 ms of virtual time. */
    public static final String PINGPONG = """
            schema_version: 1
            name: small-pingpong
            system:
              node: {harts: 1, memory: 64 MiB}
            topology: {generator: pair}
            workload:
              - {name: pingpong, program: pingpong, args: ["8", "1024", "2"], job: mpi, heap: 8 MiB, stack: 1 MiB,
                 env: {CALVIN_MPI_TIMEOUT: "6"}}
            observe:
              trace: messages
              table: {console: node0, columns: [bytes, latency_us, bandwidth_MBps],
                      measured: [latency_us, bandwidth_MBps]}
            expect:
              - {console: node0, contains: "data ok"}
              - {console: node0, column: latency_us, where: {bytes: 8}, at_least: 0.5, at_most: 2}
            until: 20 ms
            """;

    private Examples() {}

    /** Expands an experiment as if it stood in {@code folder}. */
    public static PlanDocument plan(String yaml, Path folder) {
        Problems problems = new Problems();
        ExperimentSpec spec = SpecReader.parse("test.yaml", yaml, folder, problems);
        return Planner.plan(spec, problems);
    }
}
