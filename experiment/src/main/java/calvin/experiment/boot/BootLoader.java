package calvin.experiment.boot;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.plan.ImageFinder;
import calvin.machine.board.ImageException;
import calvin.machine.board.LinuxBoot;
import calvin.machine.board.Machine;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Reads the files of {@link BootImages} and starts a machine with them. */
final class BootLoader {
    private static final int SHOWN_DIGITS = 12;

    private final BootImages images;
    private final Place place;
    private final byte[] image;
    private final byte[] firmware;
    private final byte[] initrd;

    /** @throws InputException if a file is missing or makes no sense with the others */
    BootLoader(BootImages images) {
        this.images = images;
        place = Place.of((images.bare() ? "--elf " : "--kernel ") + images.image());
        image = images.image() == null ? null : ImageFinder.find(images.image(), Path.of(""), place);
        firmware = read("--firmware", images.firmware());
        initrd = read("--initrd", images.initrd());
        if (initrd != null && firmware == null && (images.bare() || !LinuxBoot.isImage(image))) {
            throw new InputException(place, "is no Linux Image, so --initrd has no use");
        }
    }

    private static byte[] read(String option, Path file) {
        if (file == null) {
            return null;
        }
        try {
            return Files.readAllBytes(file);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new InputException(Place.of(option + " " + file), "there is no such file");
        } catch (IOException e) {
            throw new InputException(Place.of(option + " " + file), "cannot be read: " + e);
        }
    }

    /**
     * Names the machine that these files and this board make, in a line.
     *
     * @param others names what else it sees of the host
     */
    String name(Machine machine, String others) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update((machine.board() + "\n" + images.bare() + "\n" + images.append() + "\n" + others)
                    .getBytes(
                            StandardCharsets.UTF_8));
            for (byte[] file : new byte[][]{image, firmware, initrd}) {
                hash.update((byte) (file == null ? 0 : 1));
                if (file != null) {
                    hash.update(MessageDigest.getInstance("SHA-256").digest(file));
                }
            }
            return "boot " + machine.board().name() + " " + machine.board().harts() + " harts "
                    + HexFormat.of().formatHex(hash.digest()).substring(0, SHOWN_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Loads and starts; null for what has no symbols.
     *
     * @throws InputException if the machine cannot run the files
     */
    ElfFile start(Machine machine) {
        try {
            if (firmware != null) {
                LinuxBoot.startFirmware(machine, firmware, image, initrd, images.append());
                return null;
            }
            if (!images.bare() && LinuxBoot.isImage(image)) {
                LinuxBoot.start(machine, image, initrd, images.append());
                return null;
            }
            return LinuxBoot.startElf(machine, image, images.bare(), images.append());
        } catch (ElfException | ImageException e) {
            throw new InputException(firmware == null ? place : Place.of("--firmware " + images.firmware()),
                    e.getMessage());
        }
    }
}
