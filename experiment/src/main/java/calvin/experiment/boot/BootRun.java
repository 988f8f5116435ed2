package calvin.experiment.boot;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.plan.ImageFinder;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.ImageException;
import calvin.machine.board.LinuxBoot;
import calvin.machine.board.Machine;
import calvin.machine.board.MachineStatus;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.sbi.SbiFirmware;
import calvin.machine.trace.CommitLog;
import calvin.machine.trace.CommitTracer;
import calvin.sim.event.Lane;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * A machine whose console is the terminal. Input is typed when it comes, so a run with input is not repeatable;
 * without, it is.
 */
public final class BootRun {
    private static final int WORD_BYTES = 4;
    private static final int LIMIT_REACHED = 1;

    private final BootOptions options;
    private final Machine machine;
    private final Lane lane = new Lane("node0");
    private final ElfFile elf;
    private final TerminalInput input;
    private final PrintStream out;

    private BootRun(BootOptions options, InputStream in, PrintStream out) {
        this.options = options;
        this.out = out;
        this.input = new TerminalInput(in);
        machine = new Machine(lane, 0, board(options), List.of(new SbiFirmware()), Engines.INTERPRETER,
                (timePs, value) -> out.write(value),
                TraceSink.NONE);
        elf = start(options, machine);
    }

    /**
     * Boots and runs to the end.
     *
     * @return the exit code: the program's own, 1 where it did not end or panicked
     * @throws InputException if the image or the machine cannot be
     */
    public static int run(BootOptions options, InputStream in, PrintStream out, PrintStream messages)
            throws IOException {
        BootRun run = new BootRun(options, in, out);
        try (Writer commits = options.traceCommits() == null
                ? Writer.nullWriter()
                : Files.newBufferedWriter(options.traceCommits())) {
            if (options.traceCommits() != null) {
                CommitTracer.attach(run.machine, new CommitLog(commits));
            }
            return run.run(messages);
        } finally {
            run.machine.close();
        }
    }

    private static BoardSpec board(BootOptions options) {
        BoardSpec board = options.board().equals("hpc")
                ? BoardSpec.hpc(options.harts(), options.memoryBytes(), 1)
                : BoardSpec.virt(options.harts(), options.memoryBytes());
        if (!board.problems().isEmpty()) {
            throw new InputException(board.problems().stream()
                    .map(problem -> new calvin.experiment.input.Problem(Place.of("boot"), problem)).toList());
        }
        return board;
    }

    /** Loads and starts the image; null for a Linux Image, which has no symbols. */
    private static ElfFile start(BootOptions options, Machine machine) {
        Place place = Place.of((options.bare() ? "--elf " : "--kernel ") + options.image());
        byte[] file = ImageFinder.find(options.image(), Path.of(""), place);
        try {
            if (!options.bare() && LinuxBoot.isImage(file)) {
                if (options.signature() != null) {
                    throw new InputException(Place.of("--signature"), "a Linux Image has no symbols");
                }
                LinuxBoot.start(machine, file, initrd(options), options.append());
                return null;
            }
            if (options.initrd() != null) {
                throw new InputException(place, "is no Linux Image, so --initrd has no use");
            }
            return startElf(options, machine, file);
        } catch (ElfException | ImageException e) {
            throw new InputException(place, e.getMessage());
        }
    }

    private static byte[] initrd(BootOptions options) {
        if (options.initrd() == null) {
            return null;
        }
        try {
            return Files.readAllBytes(options.initrd());
        } catch (IOException e) {
            throw new InputException(Place.of("--initrd " + options.initrd()), "cannot be read: " + e);
        }
    }

    private static ElfFile startElf(BootOptions options, Machine machine, byte[] file) throws ElfException {
        ElfFile elf = machine.loadElf(file);
        if (options.signature() != null
                && (elf.symbol("begin_signature").isEmpty() || elf.symbol("end_signature").isEmpty())) {
            throw new InputException(Place.of("--signature"),
                    options.image() + " has no symbols begin_signature and end_signature");
        }
        if (options.bare()) {
            machine.bootBare(elf.entry());
        } else {
            machine.bootSupervisor(elf.entry(), options.append());
        }
        return elf;
    }

    private int run(PrintStream messages) throws IOException {
        long limit = options.maxInstructions() == 0 ? Long.MAX_VALUE : options.maxInstructions();
        new TerminalLoop(machine, input, out, -1).run(limit, messages);
        if (options.signature() != null) {
            writeSignature();
        }
        return exitCode(messages);
    }

    private int exitCode(PrintStream messages) {
        MachineStatus status = machine.status();
        return switch (status.kind()) {
            case RUNNING -> {
                messages.println("calvin: did not end within " + machine.instructions() + " instructions, "
                        + SimTime.format(lane.timePs()) + " of virtual time");
                yield LIMIT_REACHED;
            }
            case PANIC -> {
                messages.println("calvin: panic: " + status.message());
                yield LIMIT_REACHED;
            }
            case EXITED -> {
                int code = (int) (status.code() & 0xFF);
                // A code that does not fit must not turn into success.
                yield code == 0 && status.code() != 0 ? LIMIT_REACHED : code;
            }
        };
    }

    private void writeSignature() throws IOException {
        OptionalLong from = elf.symbol("begin_signature");
        OptionalLong to = elf.symbol("end_signature");
        PhysicalMemory memory = machine.memory();
        StringBuilder lines = new StringBuilder();
        for (long pa = from.getAsLong(); pa < to.getAsLong(); pa += WORD_BYTES) {
            lines.append(String.format(Locale.ROOT, "%08x%n", memory.u32(pa)));
        }
        Files.writeString(options.signature(), lines);
    }
}
