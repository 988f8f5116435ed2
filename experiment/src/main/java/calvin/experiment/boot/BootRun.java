package calvin.experiment.boot;

import calvin.experiment.gdb.GdbServer;
import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.stats.Stopwatch;
import calvin.machine.board.Engines;
import calvin.machine.board.Machine;
import calvin.machine.board.MachineStatus;
import calvin.machine.debug.ReplayConsole;
import calvin.machine.dev.ConsoleSink;
import calvin.machine.elf.ElfFile;
import calvin.machine.hart.CostTable;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.sbi.SbiFirmware;
import calvin.machine.timing.Fidelity;
import calvin.machine.trace.CommitLog;
import calvin.machine.trace.CommitTracer;
import calvin.sim.event.Lane;
import calvin.sim.state.StateHash;
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

/**
 * A machine whose console is the terminal. What is typed comes when it comes, so a run with input is repeatable from
 * its log only; without input it is anyhow.
 */
public final class BootRun {
    private static final int WORD_BYTES = 4;
    private static final int LIMIT_REACHED = 1;

    private final BootOptions options;
    private final BootLoader loader;
    private final Machine machine;
    private final Lane lane = new Lane("node0");
    private final ElfFile elf;
    private final PrintStream out;
    private final ReplayConsole console;

    private BootRun(BootOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        console = new ReplayConsole((timePs, value) -> out.write(value));
        loader = new BootLoader(options.images());
        machine = new Machine(lane, 0, options.devices().board(), List.of(new SbiFirmware()),
                Engines.named(options.engine()).orElseThrow(),
                options.devices().supplies().with(ConsoleSink.class, "", console),
                TraceSink.NONE, CostTable.DEFAULT);
        elf = loader.start(machine);
        machine.timing().set(options.fidelity() == Fidelity.TIMED);
        if (!options.restarts()) {
            machine.restartEnds();
        }
        checkSignature();
    }

    /**
     * Boots and runs to the end.
     *
     * @return the exit code: the program's own, 1 where it did not end or panicked
     * @throws InputException if the image or the machine cannot be
     */
    public static int run(BootOptions options, InputStream in, PrintStream out, PrintStream messages)
            throws IOException {
        BootRun run = new BootRun(options, out);
        try (Writer commits = writer(options.files().traceCommits());
                Writer log = writer(options.files().record())) {
            if (commits != null) {
                CommitTracer.attach(run.machine, new CommitLog(commits));
            }
            return options.interactive() ? run.onTerminal(in, messages, log) : run.run(in, null, messages, log);
        } finally {
            run.machine.close();
        }
    }

    /** Whether standard input and output are a terminal. */
    public static boolean terminalPresent() {
        return HostTerminal.present();
    }

    private static Writer writer(Path file) throws IOException {
        return file == null ? null : Files.newBufferedWriter(file);
    }

    private int onTerminal(InputStream in, PrintStream messages, Writer log) throws IOException {
        HostTerminal terminal = HostTerminal.raw();
        try {
            return run(in, new TerminalKeys(), messages, log);
        } finally {
            terminal.close();
        }
    }

    private void checkSignature() {
        if (options.files().signature() == null) {
            return;
        }
        Place place = Place.of("--signature");
        if (elf == null) {
            throw new InputException(place, "a Linux Image or a firmware has no symbols");
        }
        if (elf.symbol("begin_signature").isEmpty() || elf.symbol("end_signature").isEmpty()) {
            throw new InputException(place,
                    options.images().image() + " has no symbols begin_signature and end_signature");
        }
    }

    private int run(InputStream in, TerminalKeys keys, PrintStream messages, Writer log) throws IOException {
        BootFiles files = options.files();
        String name = loader.name(machine, options.devices().digests());
        if (files.load() != null) {
            BootSnapshot.load(lane, name, files.load());
        }
        TerminalInput input = new TerminalInput(files.replay() == null ? in : InputStream.nullInputStream(), keys);
        if (files.replay() != null) {
            for (InputLog.Batch batch : InputLog.read(files.replay())) {
                if (batch.timePs() > lane.timePs()) {
                    machine.type(batch.timePs(), batch.bytes());
                }
            }
        }
        BootHooks hooks = new BootHooks(options, machine, name, input, keys, messages, log);
        long limit = options.maxInstructions() == 0 ? Long.MAX_VALUE : options.maxInstructions();
        Stopwatch watch = Stopwatch.start();
        InspectionRun looking = new InspectionRun(options.inspection(), machine, elf, messages);
        try (GdbServer gdb = gdb(name, messages)) {
            new TerminalLoop(machine, input, out, -1, hooks, gdb).run(limit, messages);
        } finally {
            looking.end();
        }
        if (options.showStats()) {
            messages.print(watch.stop(machine.stats()).text());
        }
        if (files.save() != null && !hooks.saved()) {
            hooks.save();
        }
        if (files.signature() != null) {
            writeSignature();
        }
        if (options.showHash()) {
            StateHash hash = new StateHash();
            lane.components().forEach(hash::add);
            messages.println("calvin: state " + hash.hex() + " after " + machine.instructions() + " instructions, "
                    + SimTime.format(lane.timePs()));
        }
        return hooks.left() ? 0 : exitCode(messages);
    }

    private GdbServer gdb(String name, PrintStream messages) throws IOException {
        String address = options.inspection().gdb();
        return address == null
                ? null
                : new GdbServer(address, machine, console, file -> save(name, file), messages);
    }

    /** For the debugger: what to tell its user. */
    private String save(String name, String file) {
        if (machine.slice() != null) {
            return "hart " + machine.slice().hart() + " is in the middle of a slice that the harts take in turns;"
                    + " a snapshot is between two";
        }
        try {
            BootSnapshot.save(lane, name, Path.of(file));
            return "saved to " + file;
        } catch (IOException | java.nio.file.InvalidPathException e) {
            return "cannot be saved: " + e.getMessage();
        }
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
        PhysicalMemory memory = machine.memory();
        StringBuilder lines = new StringBuilder();
        long to = elf.symbol("end_signature").getAsLong();
        for (long pa = elf.symbol("begin_signature").getAsLong(); pa < to; pa += WORD_BYTES) {
            lines.append(String.format(Locale.ROOT, "%08x%n", memory.u32(pa)));
        }
        Files.writeString(options.files().signature(), lines);
    }
}
