package calvin.machine.board;

import java.util.Locale;

/**
 * Boots Linux as its boot protocol asks (Linux, Documentation/arch/riscv/boot.rst): the kernel at a multiple of 2 MiB
 * above the firmware, hart 0 in S mode with a0 = its number and a1 = the device tree, satp = 0; other harts wait for
 * HSM.
 *
 * <pre>
 * RAM  firmware | kernel and its zeroed data | ... | initial RAM disk | device tree
 * </pre>
 */
public final class LinuxBoot {
    private static final long TWO_MIB = 2L << 20;
    private static final long PAGE_BYTES = 4096;

    private LinuxBoot() {}

    /** Whether a file is a Linux Image, packed or not, rather than an ELF file. */
    public static boolean isImage(byte[] file) {
        return LinuxImage.matches(file);
    }

    /**
     * Loads a kernel and starts the machine.
     *
     * @param initrd    the initial RAM disk as a file, or null
     * @param arguments the kernel's command line
     * @throws ImageException when the kernel is none or something does not fit into the first region of RAM
     */
    public static void start(Machine machine, byte[] kernel, byte[] initrd, String arguments) throws ImageException {
        LinuxImage image = LinuxImage.parse(kernel, machine.board().memory().getFirst().sizeBytes());
        long kernelPa = kernelPa(image);
        long kernelEndPa = kernelPa + image.imageBytes();
        // Its length does not depend on where the RAM disk lies.
        long endPa = machine.treePa(new Chosen(arguments, 0, initrd == null ? 0 : 1));
        fits("the kernel", kernelEndPa, endPa);
        long initrdPa = endPa;
        if (initrd != null) {
            initrdPa = endPa - initrd.length & -PAGE_BYTES;
            fits("the initial RAM disk behind the kernel", kernelEndPa, initrdPa);
        }
        Chosen chosen = initrd == null
                ? Chosen.of(arguments)
                : new Chosen(arguments, initrdPa, initrdPa + initrd.length);
        machine.boot(started -> {
            started.memory().write(kernelPa, image.bytes(), 0, image.bytes().length);
            if (initrd != null) {
                started.memory().write(chosen.initrdPa(), initrd, 0, initrd.length);
            }
            started.bootSupervisor(kernelPa, chosen);
        });
    }

    /** Where its header wants it, but behind the firmware. */
    private static long kernelPa(LinuxImage image) {
        return Math.max(AddressMap.KERNEL, AddressMap.RAM + image.textOffset() + TWO_MIB - 1 & -TWO_MIB);
    }

    private static void fits(String what, long endPa, long limitPa) throws ImageException {
        if (endPa > limitPa) {
            throw new ImageException(String.format(Locale.ROOT,
                    "needs more memory: %s does not fit below %#x, where the device tree begins or the"
                            + " RAM disk would; it lacks %#x bytes",
                    what, limitPa, endPa - limitPa));
        }
    }
}
