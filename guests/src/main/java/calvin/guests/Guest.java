package calvin.guests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * One prebuilt image, an ELF file for RV64.
 *
 * @param name        how users call it, and its file name
 * @param kind        what it needs to run
 * @param description one line for listings
 */
public record Guest(String name, Kind kind, String description) {
    /** What an image expects of whoever starts it. */
    public enum Kind {
        /** A static program for the Linux system call interface: runs as a task of the LWK or of a Linux kernel. */
        LINUX_STATIC,
        /** A kernel for the {@code virt} address map and SBI firmware, entered in S mode: a0 = hart, a1 = tree. */
        SUPERVISOR,
        /** A program entered in M mode that ends through the HTIF words {@code tohost} and {@code fromhost}. */
        BARE_METAL
    }

    /** The whole file, a fresh copy. */
    public byte[] bytes() {
        try (InputStream stream = Guest.class.getResourceAsStream("images/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("the image " + name + " is missing from this build");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
