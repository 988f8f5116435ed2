package calvin.experiment.boot;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.machine.board.BoardSpec;
import calvin.machine.disk.ByteSource;
import calvin.machine.disk.Disk;
import calvin.machine.disk.DiskException;
import calvin.machine.disk.DiskImage;
import calvin.machine.disk.Qcow2Image;
import calvin.machine.disk.RawImage;
import calvin.machine.fitting.Fitting;
import calvin.machine.fitting.Supplies;
import calvin.machine.mem.RamRegion;
import calvin.machine.virtio.share.SharedFile;
import calvin.machine.virtio.share.SharedTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The devices that the command line adds to a board, at the addresses and wires of QEMU's virt: a clock, a PCI host,
 * random numbers, disks and shared folders. Disks and folders are read as they are when the run begins; what the guest
 * writes is the machine's state and leaves the host's files alone.
 */
public final class BootDevices {
    private static final long RTC = 0x10_1000L;
    private static final int RTC_WIRE = 11;
    private static final long PCI = 0x3000_0000L;
    private static final int PCI_WIRE = 32;
    private static final long VIRTIO = 0x1000_1000L;
    private static final long VIRTIO_BYTES = 0x1000;
    private static final int VIRTIO_SLOTS = 8;
    private static final int FIRST_PCI_SLOT = 1;
    private static final Pattern OTHER = Pattern.compile("(balloon|vsock)=([0-9]{1,8})(,pci)?");
    private static final long HIGH_ALIGNMENT = 16L << 30;
    /** On the hpc board the RDMA card is where the low window begins elsewhere. */
    private static final String HPC_LOW = "50000000";
    private static final String HPC_LOW_BYTES = "30000000";
    /** Backing files of backing files; more are taken for a circle. */
    private static final int MAX_BACKING_FILES = 16;

    private BoardSpec board;
    private Supplies supplies = Supplies.NONE;
    private final StringBuilder digests = new StringBuilder();
    private int mmioSlots;
    private int pciSlots;

    private BootDevices(BoardSpec board) {
        this.board = board;
    }

    /** No devices but the board's. */
    public static BootDevices none(BoardSpec board) {
        return new BootDevices(board);
    }

    /**
     * A clock, a PCI host and a source of random numbers, which a stock operating system looks for, and what the user
     * asks for.
     *
     * @param drives {@code FILE[,readonly][,pci]}
     * @param shares {@code TAG=FOLDER}
     * @param others {@code balloon=PAGES} or {@code vsock=CID}, each with {@code ,pci}
     * @throws InputException if a file cannot be used
     */
    public static BootDevices of(BoardSpec board, List<String> drives, List<String> shares,
            List<String> others) {
        BootDevices devices = new BootDevices(board);
        devices.addUnlessThere(Fitting.of("rtc", "goldfish-rtc", RTC, RTC_WIRE));
        devices.addUnlessThere(bridge(board));
        devices.virtio("rng", false, "rng", Place.of("boot"));
        drives.forEach(devices::drive);
        shares.forEach(devices::share);
        others.forEach(devices::other);
        return devices;
    }

    private static Fitting bridge(BoardSpec board) {
        long ramEndPa = board.memory().stream().mapToLong(RamRegion::endPa).max().orElse(0);
        // QEMU's place for the high window: behind RAM, at a multiple of 16 GiB.
        long high = (ramEndPa + HIGH_ALIGNMENT - 1) / HIGH_ALIGNMENT * HIGH_ALIGNMENT;
        Fitting bridge = Fitting.of("pcie", "pci-host", PCI, PCI_WIRE).with("high", Long.toHexString(high));
        return board.name().equals("hpc") ? bridge.with("low", HPC_LOW).with("low-bytes", HPC_LOW_BYTES) : bridge;
    }

    /** The board with them. */
    public BoardSpec board() {
        return board;
    }

    Supplies supplies() {
        return supplies;
    }

    /** Names what the guest sees of the host's files. */
    String digests() {
        return digests.toString();
    }

    private void addUnlessThere(Fitting fitting) {
        if (board.fitting(fitting.name()).isEmpty()) {
            BoardSpec more = board.withFitting(fitting);
            // A board of the user's own may have something else there.
            board = more.problems().isEmpty() ? more : board;
        }
    }

    private void drive(String text) {
        Place place = Place.of("--drive " + text);
        String[] words = text.split(",");
        boolean readOnly = false;
        boolean pci = false;
        for (int i = 1; i < words.length; i++) {
            readOnly |= words[i].equals("readonly");
            pci |= words[i].equals("pci");
            if (!words[i].equals("readonly") && !words[i].equals("pci")) {
                throw new InputException(place, "`" + words[i] + "` is neither readonly nor pci");
            }
        }
        String name = "drive" + (mmioSlots + pciSlots);
        try {
            DiskImage image = image(Path.of(words[0]), 0);
            Disk.of(name, image, readOnly).close();
            supplies = supplies.with(DiskImage.class, name, image);
            digests.append(name).append(' ').append(image.digest()).append('\n');
            virtio(name, pci, "block", place, "drive", name, "readonly", Boolean.toString(readOnly));
        } catch (DiskException e) {
            throw new InputException(place, e.getMessage());
        } catch (IOException e) {
            throw new InputException(place, Files.exists(Path.of(words[0]))
                    ? "cannot be read: " + e.getMessage()
                    : "there is no such file");
        }
    }

    /** Raw or qcow2, as its first bytes say, with its backing files. */
    private static DiskImage image(Path file, int depth) throws IOException, DiskException {
        if (depth > MAX_BACKING_FILES) {
            throw new DiskException("has more than " + MAX_BACKING_FILES + " backing files: is one its own?");
        }
        ByteSource source = HostBytes.of(file);
        if (!Qcow2Image.matches(source)) {
            return new RawImage(source);
        }
        Optional<String> backing = Qcow2Image.backingName(source);
        return Qcow2Image.open(source, backing.isEmpty() ? null : image(file.resolveSibling(backing.get()), depth + 1));
    }

    private void share(String text) {
        Place place = Place.of("--share " + text);
        int equals = text.indexOf('=');
        if (equals < 1 || !text.substring(0, equals).matches("[A-Za-z0-9._-]{1,31}")) {
            throw new InputException(place, "expected TAG=FOLDER, for example work=/home/me/work");
        }
        String tag = text.substring(0, equals);
        Path folder = Path.of(text.substring(equals + 1));
        if (!Files.isDirectory(folder)) {
            throw new InputException(place, "there is no folder " + folder);
        }
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            SharedFile root = HostFolder.read(folder, hash);
            String digest = HexFormat.of().formatHex(hash.digest());
            supplies = supplies.with(SharedTree.class, tag,
                    new SharedTree("node0/share-" + tag + "/tree", root, digest));
            digests.append("share ").append(tag).append(' ').append(digest).append('\n');
            virtio("share-" + tag, false, "9p", place, "share", tag, "tag", tag);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        } catch (IOException e) {
            throw new InputException(place, "cannot be read: " + e);
        }
    }

    private void other(String text) {
        Place place = Place.of("--device " + text);
        Matcher words = OTHER.matcher(text);
        if (!words.matches()) {
            throw new InputException(place, "expected balloon=PAGES or vsock=CID, and ,pci behind it if so");
        }
        boolean balloon = words.group(1).equals("balloon");
        virtio(words.group(1) + (mmioSlots + pciSlots), words.group(3) != null, words.group(1), place,
                balloon ? "pages" : "cid", words.group(2));
    }

    private void virtio(String name, boolean pci, String device, Place place, String... parameters) {
        Fitting fitting;
        if (pci) {
            fitting = Fitting.of(name, "virtio-pci", 0, 0).with("host", "pcie").with("slot",
                    Integer.toString(FIRST_PCI_SLOT + pciSlots++));
        } else {
            if (mmioSlots == VIRTIO_SLOTS) {
                throw new InputException(place, "all " + VIRTIO_SLOTS
                        + " slots are taken; drives may sit on PCI: ,pci");
            }
            int slot = mmioSlots++;
            fitting = Fitting.of(name, "virtio-mmio", VIRTIO + slot * VIRTIO_BYTES, 1 + slot);
        }
        fitting = fitting.with("device", device);
        for (int i = 0; i < parameters.length; i += 2) {
            fitting = fitting.with(parameters[i], parameters[i + 1]);
        }
        BoardSpec more = board.withFitting(fitting);
        if (!more.problems().isEmpty()) {
            throw new InputException(place, String.join("; ", more.problems()));
        }
        board = more;
    }
}
