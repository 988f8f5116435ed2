package calvin.experiment.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the launcher runs once to make the AOT cache (JEP 483 and 515): a little of what each command does, so that the
 * classes they need are loaded and linked, and methods profiled, where later runs find them. It computes nothing that
 * anybody reads. The guest programs come first and last long enough that the interpreter's loop is profiled in long
 * slices, which makes better code of it for good (bench/RESULTS.md).
 */
final class Training {
    /** Two nodes and a switch: the parts of every experiment, for some milliseconds of virtual time. */
    private static final String EXPERIMENT = """
            schema_version: 1
            name: training
            system:
              node: {board: hpc, harts: 1, memory: 64 MiB, frequency: 2 GHz, kernel: lwk}
            topology:
              generator: star
              nodes: 2
              link: {latency: 200 ns, bandwidth: 100 Gbit/s}
            workload:
              - {name: pingpong, program: pingpong, args: ["8", "65536", "50"], job: mpi}
            observe:
              trace: messages
              table: {console: node0, columns: [bytes, latency_us, bandwidth_MBps], measured: [latency_us]}
            expect:
              - {exit_code: 0}
            until: 1 s
            """;

    private Training() {}

    /**
     * Runs the commands.
     *
     * @param args one folder, existing and empty, for what they write
     */
    public static void main(String[] args) throws IOException {
        for (List<String> line : lines(Path.of(args[0]))) {
            Main.run(new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()),
                    line.toArray(String[]::new));
        }
        System.exit(0);
    }

    /** The command lines; writes the experiment that the last ones name. */
    static List<List<String>> lines(Path folder) throws IOException {
        Path experiment = Files.writeString(folder.resolve("training.yaml"), EXPERIMENT);
        return List.of(
                List.of("--help"), List.of("--version"), List.of("run", "--help"), List.of("no-such-command"),
                List.of("exec", "--stats", "hello"), List.of("exec", "stdio"), List.of("exec", "threads"),
                List.of("boot", "--elf", "pass.elf"), List.of("boot", "--kernel", "smode.elf", "--harts", "2"),
                List.of("guest", "list"), List.of("plan", experiment.toString()),
                List.of("run", experiment.toString(), "-o", folder.resolve("result").toString()));
    }
}
