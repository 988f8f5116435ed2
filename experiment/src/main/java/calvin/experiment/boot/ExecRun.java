package calvin.experiment.boot;

import calvin.enclave.ExitCount;
import calvin.enclave.KernelOptions;
import calvin.enclave.Node;
import calvin.enclave.NodeException;
import calvin.enclave.NodeSpec;
import calvin.enclave.NodeStatus;
import calvin.enclave.NodeWiring;
import calvin.enclave.TaskResult;
import calvin.enclave.TaskSpec;
import calvin.enclave.Workload;
import calvin.experiment.gdb.GdbServer;
import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.plan.ImageFinder;
import calvin.experiment.stats.RunStats;
import calvin.experiment.stats.Stopwatch;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.debug.ReplayConsole;
import calvin.machine.dev.ConsoleSink;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import calvin.machine.gdb.Host;
import calvin.machine.timing.Fidelity;
import calvin.sim.event.Lane;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A static Linux program as the only task of a lightweight kernel. Standard input (which ends with Ctrl-D or the end of
 * the file), standard output and standard error pass through.
 */
public final class ExecRun {
    private static final long MIB = 1 << 20;
    /** What the host's kernel needs around a virtual machine. */
    private static final long HOST_BYTES = 64 * MIB;
    private static final long STACK_BYTES = 8 * MIB;
    private static final int END_OF_TRANSMISSION = 4;
    /** Where the kernel itself has failed. */
    private static final int KERNEL_FAILED = 3;

    private ExecRun() {}

    /**
     * Runs the program.
     *
     * @return its exit code, or 128 + the signal that ended it
     * @throws InputException if it cannot run, before anything does
     */
    public static int run(ExecOptions options, InputStream in, OutputStream out, PrintStream messages)
            throws IOException {
        ReplayConsole console = new ReplayConsole(new Terminal(out, messages));
        Node node = build(options, console);
        String address = options.inspection().gdb();
        InspectionRun looking = new InspectionRun(options.inspection(), node.machine(), symbols(options), messages);
        try (GdbServer gdb = address == null
                ? null
                : new GdbServer(address, node.machine(), console, Host.NONE, messages)) {
            node.machine().timing().set(options.fidelity() == Fidelity.TIMED);
            Stopwatch watch = Stopwatch.start();
            new TerminalLoop(node.machine(), new TerminalInput(in), out, END_OF_TRANSMISSION, LoopHooks.NONE, gdb)
                    .run(Long.MAX_VALUE, messages);
            if (options.stats()) {
                stats(node, watch.stop(node.machine().stats()), messages);
            }
            return exitCode(node, messages);
        } finally {
            looking.end();
            node.machine().close();
        }
    }

    private static ElfFile symbols(ExecOptions options) {
        try {
            return ElfFile.parse(ImageFinder.find(options.image(), Path.of(""), Place.of(options.image())));
        } catch (ElfException e) {
            throw new InputException(Place.of(options.image()), e.getMessage());
        }
    }

    private static Node build(ExecOptions options, ConsoleSink console) {
        Place place = Place.of(options.image());
        byte[] elf = ImageFinder.find(options.image(), Path.of(""), place);
        String name = options.image().substring(options.image().lastIndexOf('/') + 1);
        List<String> arguments = new ArrayList<>(List.of(options.image()));
        arguments.addAll(options.arguments());
        // Contiguous, as the stack is: half of the memory leaves room for both, the image and the kernel.
        long heap = Math.max(2 * MIB, options.memoryBytes() / 2 & -(2 * MIB));
        TaskSpec task = new TaskSpec(name, elf, arguments, List.of(), TaskSpec.ANY_HART, heap, STACK_BYTES, 0);
        Workload workload = options.virtualized()
                ? new Workload.LwkInVm(Workload.VmMemory.of(options.memoryBytes() & -(2 * MIB)), List.of(task),
                        List.of())
                : new Workload.Lwk(List.of(task));
        long memory = options.virtualized()
                ? options.memoryBytes() + HOST_BYTES + 2L * elf.length & -(2 * MIB)
                : options.memoryBytes();
        BoardSpec board = BoardSpec.hpc(options.harts(), memory, 1);
        KernelOptions kernel = KernelOptions.DEFAULT.withQuiet(true).withConsoleInput(true);
        try {
            return Node.build(new Lane("node0"), board, new NodeSpec(0, "calvin", workload, kernel, Optional.empty()),
                    new NodeWiring(Engines.named(options.engine()).orElseThrow(), console, TraceSink.NONE, null));
        } catch (NodeException e) {
            throw new InputException(place, e.getMessage());
        }
    }

    /** Where the program's output goes. Error output may overtake what is still buffered, as on any Unix. */
    private record Terminal(OutputStream out, OutputStream errors) implements ConsoleSink {
        @Override
        public void write(long timePs, int value) {
            put(out, value);
        }

        @Override
        public void writeError(long timePs, int value) {
            put(errors, value);
        }

        private static void put(OutputStream stream, int value) {
            try {
                stream.write(value);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private static int exitCode(Node node, PrintStream messages) {
        NodeStatus status = node.status();
        if (status.state() == NodeStatus.State.FAILED) {
            messages.println("calvin: " + status.message());
            return KERNEL_FAILED;
        }
        TaskResult task = node.tasks().get(node.tasks().size() - 1);
        return (int) task.exitCode() & 0xFF;
    }

    private static void stats(Node node, RunStats stats, PrintStream messages) {
        messages.print(stats.text());
        messages.println("calvin: virtual time " + SimTime.format(node.machine().status().endPs()));
        for (ExitCount exit : node.exits()) {
            messages.printf(Locale.ROOT, "calvin: %d exits %s, %d cycles%n", exit.count(), exit.reason(),
                    exit.cycles());
        }
    }
}
