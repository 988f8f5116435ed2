package calvin.guests.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A guest that has been built.
 *
 * @param name   by which users call it
 * @param folder of its files
 */
public record DebianGuest(String name, Path folder) {
    static final String MANIFEST = "manifest.txt";

    /** Linux's Image, unpacked. */
    public Path kernel() {
        return folder.resolve("Image");
    }

    /** The initial RAM disk, packed with gzip. */
    public Path initrd() {
        return folder.resolve("initrd.img");
    }

    /** A firmware of Debian's: fw_jump.bin and fw_dynamic.bin of OpenSBI, u-boot.bin of U-Boot. */
    public Path firmware(String file) {
        return folder.resolve("firmware").resolve(file);
    }

    /** Its first line: suite, kernel and how many packages. The others are the packages' files. */
    public String summary() throws IOException {
        try (var lines = Files.lines(folder.resolve(MANIFEST))) {
            return lines.findFirst().orElse("");
        }
    }
}
