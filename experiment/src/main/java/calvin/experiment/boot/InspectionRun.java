package calvin.experiment.boot;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.machine.board.Machine;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import calvin.machine.observe.MachineTrace;
import calvin.machine.observe.TraceFilter;
import calvin.machine.profile.Profile;
import calvin.machine.profile.Symbols;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The trace and the profile of one run, from its first instruction to its end. */
final class InspectionRun {
    private static final int TABLE_ROWS = 20;

    private final Inspection inspection;
    private final PrintStream messages;
    private final Writer traceFile;
    private final MachineTrace trace;
    private final Profile profile;

    /**
     * Attaches what is asked for.
     *
     * @param image of what runs, or null where it has no symbols
     * @throws InputException if the symbols cannot be read or the filter says nothing sensible
     */
    InspectionRun(Inspection inspection, Machine machine, ElfFile image, PrintStream messages) throws IOException {
        this.inspection = inspection;
        this.messages = messages;
        Symbols symbols = symbols(inspection.symbols(), image);
        Inspection.Trace wanted = inspection.trace();
        if (wanted == null) {
            traceFile = null;
            trace = null;
        } else {
            TraceFilter filter = FilterText.parse(wanted.filter(), symbols);
            traceFile = Files.newBufferedWriter(wanted.file());
            trace = wanted.file().toString().endsWith(".json")
                    ? MachineTrace.timeline(machine, wanted.kinds(), filter, traceFile)
                    : MachineTrace.text(machine, wanted.kinds(), filter, traceFile);
        }
        Inspection.Profiling sampled = inspection.profile();
        profile = sampled == null
                ? null
                : Profile.attach(machine, symbols, sampled.everyCycles(), sampled.chains());
    }

    private static Symbols symbols(Path file, ElfFile image) throws IOException {
        Symbols symbols = new Symbols();
        if (image != null) {
            symbols.add(image);
        }
        if (file != null) {
            try {
                symbols.add(Files.readAllBytes(file));
            } catch (ElfException e) {
                throw new InputException(Place.of("--symbols " + file), e.getMessage());
            }
        }
        return symbols;
    }

    /** Writes what has been seen. */
    void end() throws IOException {
        if (trace != null) {
            try (traceFile) {
                trace.end();
            }
        }
        if (profile != null) {
            Files.writeString(inspection.profile().file(), profile.folded());
            messages.print(profile.table(TABLE_ROWS));
            messages.println("calvin: " + profile.samples() + " samples, one each "
                    + inspection.profile().everyCycles() + " cycles of a hart; call chains in "
                    + inspection.profile().file());
        }
    }
}
