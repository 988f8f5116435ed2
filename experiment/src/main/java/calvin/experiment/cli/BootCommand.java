package calvin.experiment.cli;

import calvin.experiment.boot.BootOptions;
import calvin.experiment.boot.BootRun;
import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.input.Quantity;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code calvin boot}. */
// @formatter:off
@Command(name = "boot", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Boots one machine; its console is the terminal.",
                "The exit code is the guest's: 0 when it ends well, 1 when it does not end or panics."})
final class BootCommand implements Callable<Integer> {
    @ArgGroup(exclusive = true, multiplicity = "1")
    private Image image;
    @Option(names = "--board", paramLabel = "NAME", defaultValue = "virt", description = "virt (default) or hpc.")
    private String board;
    @Option(names = "--harts", paramLabel = "N", defaultValue = "1", description = "Number of harts (default: 1).")
    private int harts;
    @Option(names = "--memory", paramLabel = "SIZE", defaultValue = "128M",
            description = "For example 1G or 64 MiB (default: 128M).")
    private String memory;
    @Option(names = "--initrd", paramLabel = "FILE",
            description = "Initial RAM disk of a Linux kernel, as a file.")
    private Path initrd;
    @Option(names = "--append", paramLabel = "TEXT", defaultValue = "", description = "The kernel's command line.")
    private String append;
    @Option(names = "--max-instructions", paramLabel = "N", defaultValue = "0",
            description = "Gives up after so many (default: never).")
    private long maxInstructions;
    @Option(names = "--signature", paramLabel = "FILE",
            description = "Writes begin_signature..end_signature there when it has ended, as lines of four "
                    + "bytes in hexadecimal.")
    private Path signature;
    @Option(names = "--trace-commits", paramLabel = "FILE",
            description = "Writes every instruction with what it changes, in the form of Spike's --log-commits; slow.")
    private Path traceCommits;

    private static final class Image {
        @Option(names = "--elf", paramLabel = "FILE",
                description = "A bare-metal program, entered in M mode; it ends through its HTIF words tohost "
                        + "and fromhost.")
        private String elf;
        @Option(names = "--kernel", paramLabel = "FILE",
                description = "A supervisor-mode kernel, entered through the firmware: an ELF file or a Linux Image "
                        + "(packed with gzip or not). FILE is a path or a name of `calvin guest list`.")
        private String kernel;
    }

    // @formatter:on

    @Override
    public Integer call() throws IOException {
        if (!board.equals("virt") && !board.equals("hpc")) {
            throw new InputException(Place.of("--board " + board), "there are virt and hpc");
        }
        if (maxInstructions < 0) {
            throw new InputException(Place.of("--max-instructions " + maxInstructions), "must not be negative");
        }
        boolean bare = image.elf != null;
        BootOptions options = new BootOptions(bare ? image.elf : image.kernel, bare, board, harts,
                memory("--memory", memory), initrd, append, maxInstructions, signature, traceCommits);
        PrintStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), false);
        return BootRun.run(options, System.in, out, System.err);
    }

    /** A size as the options of emulators write it. */
    static long memory(String option, String text) {
        try {
            return Quantity.parseMemory(text);
        } catch (IllegalArgumentException e) {
            throw new InputException(Place.of(option), e.getMessage());
        }
    }
}
