package calvin.experiment.cli;

import calvin.experiment.boot.ExecOptions;
import calvin.experiment.boot.ExecRun;
import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.machine.timing.Fidelity;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code calvin exec}. */
// @formatter:off
@Command(name = "exec", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Runs a static RISC-V Linux program on the lightweight kernel.",
                "Standard input, output and the exit code pass through; a program that a signal ends gives 128 "
                        + "+ the signal."})
final class ExecCommand implements Callable<Integer> {
    @Option(names = "--harts", paramLabel = "N", defaultValue = "1",
            description = "Number of harts (default: 1), for its threads.")
    private int harts;
    @Option(names = "--memory", paramLabel = "SIZE", defaultValue = "256M",
            description = "For example 1G (default: 256M).")
    private String memory;
    @Mixin
    private EngineOptions engine;
    @Option(names = "--fidelity", paramLabel = "F", defaultValue = "functional",
            description = "functional (default): every instruction takes one cycle; timed: caches, TLBs, NUMA and "
                    + "memory take their time.")
    private Fidelity fidelity;
    @Mixin
    private InspectOptions inspect;
    @Option(names = "--virtualized", paramLabel = "HOW",
            description = "nested: in a virtual machine with nested paging, on a second lightweight kernel.")
    private Virtualized virtualized;
    @Parameters(index = "0", paramLabel = "ELF", description = "The program: a path, or a name of `calvin guest list`.")
    private String image;
    @Parameters(index = "1..*", paramLabel = "ARGS", description = "Its arguments.")
    private List<String> arguments = List.of();

    /** How guest memory is translated. */
    private enum Virtualized {
        nested
    }

    // @formatter:on

    @Override
    public Integer call() throws IOException {
        if (harts < 1) {
            throw new InputException(Place.of("--harts " + harts), "must be 1 or more");
        }
        // Not closed: standard output belongs to the process.
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        return ExecRun.run(
                new ExecOptions(image, arguments, harts, BootCommand.memory("--memory", memory), virtualized != null,
                        engine.engineOrDefault(), fidelity, engine.stats(), inspect.inspection()),
                System.in, out, System.err);
    }
}
