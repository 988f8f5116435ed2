package calvin.machine.board;

import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
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

    /**
     * Loads a firmware that runs in M mode, and what it is to go on with in S mode: a Linux Image, an ELF file or raw
     * bytes, which go behind the firmware's 2 MiB, where OpenSBI's fw_jump jumps to.
     *
     * @param firmware an ELF file, or raw bytes for the start of RAM
     * @param next     null for a firmware that has it inside
     */
    public static void startFirmware(Machine machine, byte[] firmware, byte[] next, byte[] initrd, String arguments)
            throws ImageException, ElfException {
        long mostBytes = machine.board().memory().getFirst().sizeBytes();
        byte[] nextBytes = next != null && LinuxImage.matches(next)
                ? LinuxImage.parse(next, mostBytes).bytes()
                : next;
        boolean nextElf = isElf(nextBytes);
        long nextPa = nextElf ? ElfFile.parse(nextBytes).entry() : AddressMap.KERNEL;
        long nextEndPa = nextPa + (next == null || nextElf ? 0 : nextBytes.length);
        long endPa = machine.treePa(new Chosen(arguments, 0, initrd == null ? 0 : 1)) - Machine.DYNAMIC_INFO_BYTES;
        long initrdPa = initrd == null ? endPa : endPa - initrd.length & -PAGE_BYTES;
        fits("the firmware", AddressMap.RAM + firmware.length, endPa);
        fits("what follows the firmware", nextEndPa, initrdPa);
        Chosen chosen = initrd == null
                ? Chosen.of(arguments)
                : new Chosen(arguments, initrdPa, initrdPa + initrd.length);
        for (byte[] elf : new byte[][]{firmware, nextBytes}) {
            if (isElf(elf)) {
                // Now, for what is wrong with it to be an exception here.
                machine.loadElf(elf);
            }
        }
        machine.boot(started -> {
            long entry = load(started, firmware, AddressMap.RAM);
            if (nextBytes != null) {
                load(started, nextBytes, nextPa);
            }
            if (initrd != null) {
                started.memory().write(chosen.initrdPa(), initrd, 0, initrd.length);
            }
            started.bootFirmware(entry, nextPa, chosen);
        });
    }

    private static boolean isElf(byte[] file) {
        return file != null && ElfFile.hasMagic(file);
    }

    /** Puts an ELF file where it says or other bytes at {@code pa}; returns where it is entered. */
    private static long load(Machine machine, byte[] file, long pa) {
        if (!isElf(file)) {
            machine.memory().write(pa, file, 0, file.length);
            return pa;
        }
        try {
            return machine.loadElf(file).entry();
        } catch (ElfException e) {
            throw new IllegalStateException("loaded once before", e);
        }
    }

    /**
     * Loads an ELF file and starts it, in S mode through the firmware, or in M mode on all harts.
     *
     * @param bare whether in M mode
     */
    public static ElfFile startElf(Machine machine, byte[] file, boolean bare, String arguments) throws ElfException {
        ElfFile elf = machine.loadElf(file);
        machine.boot(started -> {
            load(started, file, 0);
            if (bare) {
                started.bootBare(elf.entry());
            } else {
                started.bootSupervisor(elf.entry(), arguments);
            }
        });
        return elf;
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
