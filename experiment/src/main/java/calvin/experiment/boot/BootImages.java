package calvin.experiment.boot;

import java.nio.file.Path;

/**
 * What a machine is loaded with.
 *
 * @param image    name in the catalogue or path
 * @param bare     whether it is a bare-metal program, entered in M mode; else a supervisor's kernel, entered through a
 *                 firmware
 * @param firmware a firmware to run in M mode, or null for the hosted one
 * @param initrd   the initial RAM disk of a Linux kernel, or null
 * @param append   command line of a kernel
 */
public record BootImages(String image, boolean bare, Path firmware, Path initrd, String append) {
    /** A bare-metal program or a kernel by itself. */
    public static BootImages of(String image, boolean bare) {
        return new BootImages(image, bare, null, null, "");
    }

    public BootImages withInitrd(Path value) {
        return new BootImages(image, bare, firmware, value, append);
    }

    public BootImages withFirmware(Path value) {
        return new BootImages(image, bare, value, initrd, append);
    }

    public BootImages withAppend(String value) {
        return new BootImages(image, bare, firmware, initrd, value);
    }
}
