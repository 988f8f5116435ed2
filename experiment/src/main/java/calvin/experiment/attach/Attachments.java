package calvin.experiment.attach;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.machine.board.BoardSpec;
import calvin.machine.disk.Disk;
import calvin.machine.disk.DiskImage;
import calvin.machine.fitting.Fitting;
import calvin.machine.fitting.Supplies;
import calvin.machine.mem.RamRegion;
import calvin.machine.virtio.share.SharedTree;
import calvin.sim.seed.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The virtio devices that options ask for, as fittings of a board and what they are supplied with.
 *
 * <pre>
 * --drive FILE[,format=raw|qcow2][,readonly][,serial=TEXT][,bus=mmio|pci]
 * --share TAG=FOLDER[,bus=mmio|pci]
 * --device rng|balloon,pages=N[,bus=mmio|pci]
 * </pre>
 *
 * On {@code mmio} they take the slots of QEMU's virt board from the first, on {@code pci} the slots of a host bridge,
 * which the board gets with the first of them.
 */
public final class Attachments {
    private static final long MMIO_PA = 0x1000_1000L;
    private static final int MMIO_STRIDE = 0x1000;
    private static final int MMIO_SLOTS = 8;
    private static final long ECAM_PA = 0x3000_0000L;
    private static final int PCI_WIRE = 32;
    private static final int PCI_SLOTS = 31;
    private static final long GIB = 1L << 30;
    /** The hpc board's RDMA card is at 0x40000000. */
    private static final long HPC_LOW_PA = 0x5000_0000L;

    private final List<Fitting> fittings = new ArrayList<>();
    private Supplies supplies = Supplies.NONE;
    private final String node;
    private int mmio;
    private int pci;

    /**
     * @param node the name of the machine's lane, which names of state begin with
     * @param seed of the experiment
     */
    public Attachments(String node, Seed seed) {
        this.node = node;
        supplies = supplies.with(Seed.class, "", seed);
    }

    /** What stands before the first comma, and the settings behind it. */
    private record Parsed(Place place, String what, Map<String, String> settings) {
        static Parsed of(String option, String text, List<String> known) {
            Place place = Place.of(option + " " + text);
            String[] parts = text.split(",");
            Map<String, String> settings = new TreeMap<>();
            for (int i = 1; i < parts.length; i++) {
                String[] pair = parts[i].split("=", 2);
                if (!known.contains(pair[0])) {
                    throw new InputException(place, "unknown setting " + pair[0] + "; there are " + String.join(", ",
                            known));
                }
                settings.put(pair[0], pair.length == 2 ? pair[1] : "true");
            }
            return new Parsed(place, parts[0], settings);
        }

        String choice(String name, String... values) {
            String value = settings.getOrDefault(name, values[0]);
            if (!List.of(values).contains(value)) {
                throw new InputException(place, name + " is " + value + "; there are " + String.join(", ", values));
            }
            return value;
        }
    }

    /** Adds what a {@code --drive} asks for. */
    public void drive(String text) {
        Parsed parsed = Parsed.of("--drive", text, List.of("format", "readonly", "serial", "bus"));
        String format = parsed.settings.containsKey("format") ? parsed.choice("format", "raw", "qcow2") : "";
        String name = "disk" + count("disk");
        DiskImage image = new HostFiles(parsed.place).image(Path.of(parsed.what), format);
        if (image.sizeBytes() <= 0 || image.sizeBytes() > Disk.MAX_BYTES) {
            throw new InputException(parsed.place, "the disk has " + image.sizeBytes() + " bytes; it must have 1 to "
                    + Disk.MAX_BYTES);
        }
        supplies = supplies.with(DiskImage.class, name, image);
        add(parsed, fitting(parsed, name, "block").with("drive", name)
                .with("readonly", parsed.choice("readonly", "false", "true"))
                .with("serial", parsed.settings.getOrDefault("serial", name)));
    }

    /** Adds what a {@code --share} asks for. */
    public void share(String text) {
        Parsed parsed = Parsed.of("--share", text, List.of("bus"));
        String[] pair = parsed.what.split("=", 2);
        if (pair.length != 2 || !pair[0].matches("[A-Za-z0-9_.-]{1,31}")) {
            throw new InputException(parsed.place, "a share is TAG=FOLDER; a tag has 1 to 31 letters, digits and _.-");
        }
        String name = "share" + count("share");
        supplies = supplies.with(SharedTree.class, name, new HostFiles(parsed.place).folder(node + "/" + name
                + "/tree", Path.of(pair[1])));
        add(parsed, fitting(parsed, name, "9p").with("tag", pair[0]).with("share", name));
    }

    /** Adds what a {@code --device} asks for. */
    public void device(String text) {
        Parsed parsed = Parsed.of("--device", text, List.of("bus", "pages"));
        switch (parsed.what) {
            case "rng" -> add(parsed, fitting(parsed, "rng" + count("rng"), "rng"));
            case "balloon" -> add(parsed, fitting(parsed, "balloon" + count("balloon"), "balloon")
                    .with("pages", parsed.settings.getOrDefault("pages", "0")));
            default -> throw new InputException(parsed.place, "there are rng and balloon");
        }
    }

    private long count(String prefix) {
        return fittings.stream().filter(fitting -> fitting.name().startsWith(prefix)).count();
    }

    private Fitting fitting(Parsed parsed, String name, String device) {
        boolean onPci = parsed.choice("bus", "mmio", "pci").equals("pci");
        if (onPci ? pci == PCI_SLOTS : mmio == MMIO_SLOTS) {
            throw new InputException(parsed.place, "all slots of the bus are taken");
        }
        Fitting fitting = onPci
                ? Fitting.of(name, "virtio-pci", 0, 0).with("slot", Integer.toString(pci + 1))
                : Fitting.of(name, "virtio-mmio", MMIO_PA + (long) MMIO_STRIDE * mmio, mmio + 1);
        return fitting.with("device", device);
    }

    private void add(Parsed parsed, Fitting fitting) {
        if (fitting.kind().equals("virtio-pci")) {
            pci++;
        } else {
            mmio++;
        }
        fittings.add(fitting);
    }

    /** The board with the devices, and with a host bridge if one of them needs it. */
    public BoardSpec fit(BoardSpec board) {
        BoardSpec fitted = board;
        if (pci > 0 && board.fitting("pcie").isEmpty()) {
            long ramEndPa = board.memory().stream().mapToLong(RamRegion::endPa).max().orElse(0);
            // QEMU's place for it: behind RAM, at a multiple of 16 GiB.
            long high = (ramEndPa + 16 * GIB - 1) / (16 * GIB) * 16 * GIB;
            Fitting bridge = Fitting.of("pcie", "pci-host", ECAM_PA, PCI_WIRE).with("high", Long.toHexString(high));
            fitted = fitted.withFitting(board.name().equals("virt")
                    ? bridge
                    : bridge.with("low", Long.toHexString(HPC_LOW_PA)).with("low-bytes",
                            Long.toHexString(2 * GIB - HPC_LOW_PA)));
        }
        for (Fitting fitting : fittings) {
            fitted = fitted.withFitting(fitting);
        }
        return fitted;
    }

    /** What the devices are supplied with, in addition to {@code others}. */
    public Supplies supply(Supplies others) {
        return others.and(supplies);
    }
}
