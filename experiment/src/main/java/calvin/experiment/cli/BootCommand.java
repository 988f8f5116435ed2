package calvin.experiment.cli;

import calvin.experiment.boot.BoardChoice;
import calvin.experiment.boot.BootDevices;
import calvin.experiment.boot.BootFiles;
import calvin.experiment.boot.BootImages;
import calvin.experiment.boot.BootOptions;
import calvin.experiment.boot.BootRun;
import calvin.experiment.boot.SaveAt;
import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.input.Quantity;
import calvin.guests.debian.DebianGuest;
import calvin.guests.debian.GuestStore;
import calvin.machine.board.BoardSpec;
import calvin.machine.timing.Fidelity;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code calvin boot}. */
// @formatter:off
@Command(name = "boot", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Boots one machine; its console is the terminal.",
                "The exit code is the guest's: 0 when it ends well, 1 when it does not end or panics."})
final class BootCommand implements Callable<Integer> {
    private static final long GUEST_BYTES = 512L << 20;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Image image = new Image();
    @Option(names = "--board", paramLabel = "NAME|FILE", defaultValue = "virt",
            description = "virt (default), hpc, or a board of your own: a file that ends in .yaml.")
    private String board;
    @Option(names = "--harts", paramLabel = "N", description = "Number of harts (default: 1).")
    private Integer harts;
    @Option(names = "--memory", paramLabel = "SIZE",
            description = "For example 1G or 64 MiB (default: 128M, 512M with --guest).")
    private String memory;
    @Option(names = "--numa", paramLabel = "N",
            description = "NUMA nodes of the hpc board, which share harts and memory evenly (default: 1).")
    private Integer numa;
    @Option(names = "--firmware", paramLabel = "FILE",
            description = "A firmware for M mode instead of the hosted one, as an ELF file or raw bytes for the start "
                    + "of RAM: OpenSBI's fw_jump or fw_dynamic. It goes on with --kernel. jump and dynamic are those "
                    + "of --guest.")
    private String firmware;
    @Option(names = "--initrd", paramLabel = "FILE",
            description = "Initial RAM disk of a Linux kernel, as a file.")
    private Path initrd;
    @Option(names = "--append", paramLabel = "TEXT", defaultValue = "", description = "The kernel's command line.")
    private String append;
    @Option(names = "--drive", paramLabel = "FILE[,readonly][,pci]",
            description = "A disk image, raw or qcow2; the guest's writes stay in the machine and leave the "
                    + "file alone.")
    private List<String> drives = List.of();
    @Option(names = "--share", paramLabel = "TAG=FOLDER",
            description = "A folder for the guest to mount by its tag (9p), as it is when the run begins.")
    private List<String> shares = List.of();
    @Option(names = "--device", paramLabel = "NAME=N[,pci]",
            description = "balloon=PAGES asks the guest for pages of 4 KiB; vsock=CID gives it sockets to the host, "
                    + "with echo and discard at ports 7 and 9.")
    private List<String> others = List.of();
    @Option(names = "--max-instructions", paramLabel = "N", defaultValue = "0",
            description = "Gives up after so many (default: never).")
    private long maxInstructions;
    @Option(names = "--no-reboot", description = "A restart ends the machine.")
    private boolean noReboot;
    @Option(names = "--fast", description = "Virtual time may run ahead of the clock although a terminal is there.")
    private boolean fast;
    @Option(names = "--fidelity", paramLabel = "F", defaultValue = "functional",
            description = "functional (default): every instruction takes one cycle; timed: caches, TLBs, NUMA and "
                    + "memory take their time.")
    private Fidelity fidelity;
    @Option(names = "--save", paramLabel = "FILE",
            description = "Writes a snapshot at --save-at, when Ctrl-A S is typed, or else at the end.")
    private Path save;
    @Option(names = "--save-at", paramLabel = "TIME|N",
            description = "When to write it: a virtual time such as \"2 s\", or a number of instructions.")
    private String saveAt;
    @Option(names = "--load", paramLabel = "FILE",
            description = "Goes on from a snapshot of the same board, files and command line.")
    private Path load;
    @Option(names = "--record", paramLabel = "FILE", description = "Writes what is typed, and when, there.")
    private Path record;
    @Option(names = "--replay", paramLabel = "FILE", description = "Types what --record wrote, at the same times.")
    private Path replay;
    @Mixin
    private EngineOptions engine;
    @Option(names = "--hash", description = "Prints the hash of the machine's state at the end.")
    private boolean hash;
    @Option(names = "--dump-dtb", paramLabel = "FILE", description = "Writes the board's device tree there, and ends.")
    private Path dumpTree;
    @Option(names = "--signature", paramLabel = "FILE",
            description = "Writes begin_signature..end_signature there when it has ended, as lines of four "
                    + "bytes in hexadecimal.")
    private Path signature;
    @Option(names = "--trace-commits", paramLabel = "FILE",
            description = "Writes every instruction with what it changes, in the form of Spike's --log-commits; slow.")
    private Path traceCommits;
    @Mixin
    private InspectOptions inspect;

    private static final class Image {
        @Option(names = "--elf", paramLabel = "FILE",
                description = "A bare-metal program, entered in M mode; it ends through its HTIF words tohost "
                        + "and fromhost.")
        private String elf;
        @Option(names = "--kernel", paramLabel = "FILE",
                description = "A supervisor-mode kernel, entered through the firmware: an ELF file or a Linux Image "
                        + "(packed with gzip or not). FILE is a path or a name of `calvin guest list`.")
        private String kernel;
        @Option(names = "--guest", paramLabel = "NAME",
                description = "A guest that `calvin guest debian` has built: its kernel and its initial RAM disk.")
        private String guest;
    }

    // @formatter:on

    @Override
    public Integer call() throws IOException {
        if (maxInstructions < 0) {
            throw new InputException(Place.of("--max-instructions " + maxInstructions), "must not be negative");
        }
        if (saveAt != null && save == null) {
            throw new InputException(Place.of("--save-at"), "needs --save FILE");
        }
        BoardSpec spec = BoardChoice.choose(board, harts, memoryBytes(), numa);
        BootDevices devices = image.elf != null && drives.isEmpty() && shares.isEmpty() && others.isEmpty()
                ? BootDevices.none(spec)
                : BootDevices.of(spec, drives, shares, others);
        if (dumpTree != null) {
            Files.write(dumpTree, devices.board().deviceTree(append, image.elf != null || firmware != null));
            return ExitCode.SUCCESS;
        }
        BootFiles files = new BootFiles(signature, traceCommits, save, load, record, replay);
        boolean interactive = replay == null && BootRun.terminalPresent();
        BootOptions options = new BootOptions(images(), devices, files, maxInstructions,
                saveAt == null ? null : SaveAt.parse("--save-at", saveAt), !noReboot, interactive, fast, fidelity,
                hash, inspect.inspection(), engine.engineOrDefault(), engine.stats());
        PrintStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), false);
        return BootRun.run(options, System.in, out, System.err);
    }

    private Long memoryBytes() {
        if (memory == null) {
            return image.guest == null || board.endsWith(".yaml") ? null : GUEST_BYTES;
        }
        return memory("--memory", memory);
    }

    private BootImages images() throws IOException {
        if (image.guest != null) {
            return guest();
        }
        if (image.elf == null && image.kernel == null && firmware == null) {
            throw new InputException(Place.of("boot"), "what? --elf, --kernel, --guest or --firmware says so");
        }
        return new BootImages(image.elf != null ? image.elf : image.kernel, image.elf != null,
                firmware == null ? null : Path.of(firmware), initrd, append);
    }

    private BootImages guest() throws IOException {
        DebianGuest guest = GuestStore.ofUser().find(image.guest).orElseThrow(() -> new InputException(
                Place.of("--guest " + image.guest),
                "has not been built: `calvin guest debian --name " + image.guest + "` builds it"));
        Path inM = firmware == null
                ? null
                : firmware.equals("jump") || firmware.equals("dynamic")
                        ? guest.firmware("fw_" + firmware + ".bin")
                        : Path.of(firmware);
        String text = append.contains("console=") ? append : ("console=ttyS0 " + append).strip();
        return new BootImages(guest.kernel().toString(), false, inM, initrd == null ? guest.initrd() : initrd, text);
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
