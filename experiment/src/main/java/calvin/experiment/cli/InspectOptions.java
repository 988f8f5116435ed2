package calvin.experiment.cli;

import calvin.experiment.boot.Inspection;
import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.machine.observe.TraceKind;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import picocli.CommandLine.Option;

/** Options to look at a machine while it runs. */
// @formatter:off
final class InspectOptions {
    @Option(names = "--gdb", paramLabel = "[HOST:]PORT",
            description = "Waits for gdb there before anything runs, on the loopback interface unless HOST is given.")
    private String gdb;
    @Option(names = "--trace", paramLabel = "KIND", split = ",",
            description = "Traces these kinds: ${COMPLETION-CANDIDATES}. insn is slow.")
    private List<TraceKind> trace;
    @Option(names = "--trace-filter", paramLabel = "KEY=VALUE",
            description = "Traces only what agrees: hart=, mode=, pc=FROM-TO or a symbol, cause=, device=, "
                    + "time=FROM-TO. Values of one key are separated by commas; may be given several times.")
    private List<String> traceFilter = List.of();
    @Option(names = "--trace-out", paramLabel = "FILE",
            description = "Where to: a timeline for ui.perfetto.dev if FILE ends in .json, else text "
                    + "(default: trace.json).")
    private Path traceOut;
    @Option(names = "--profile", paramLabel = "FILE",
            description = "Samples where the harts are: folded call chains go to FILE, a table to standard error.")
    private Path profile;
    @Option(names = "--profile-every", paramLabel = "N", defaultValue = "10000",
            description = "Cycles of a hart between two samples (default: 10000).")
    private long profileEvery;
    @Option(names = "--profile-flat", description = "Does not follow callers by their frame pointers.")
    private boolean profileFlat;
    @Option(names = "--symbols", paramLabel = "FILE",
            description = "Names of addresses besides the image's: an ELF file such as vmlinux, or a System.map.")
    private Path symbols;

    // @formatter:on

    Inspection inspection() {
        if (trace == null && (traceOut != null || !traceFilter.isEmpty())) {
            throw new InputException(Place.of("--trace-out, --trace-filter"), "need --trace KIND,...");
        }
        if (gdb != null && (trace != null || profile != null)) {
            throw new InputException(Place.of("--gdb"),
                    "does not go with --trace and --profile: the machine may go back in time");
        }
        if (profileEvery < 1) {
            throw new InputException(Place.of("--profile-every " + profileEvery), "must be 1 or more");
        }
        return new Inspection(gdb,
                trace == null
                        ? null
                        : new Inspection.Trace(EnumSet.copyOf(trace), traceFilter,
                                traceOut == null ? Path.of("trace.json") : traceOut),
                profile == null ? null : new Inspection.Profiling(profile, profileEvery, !profileFlat), symbols);
    }
}
