package calvin.hypervisor.vm;

import static calvin.hypervisor.vm.VmSpecStruct.*;

import calvin.sim.state.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a virtual machine shall be: the parsed form of the configuration blob at {@link VmSpecStruct}. Addresses named
 * pa are the host's, gpa the guest's.
 *
 * @param name        for messages, at most 32 ASCII characters
 * @param memoryBytes guest RAM from {@link #MEMORY_GPA} on, a multiple of 2 MiB
 * @param largestLeaf bytes of the largest G-stage page that may be used: 4 KiB, 2 MiB or 1 GiB
 * @param numaNode    where guest RAM should lie, or -1
 * @param flags       {@link #TELEMETRY} and {@link #GREEDY}
 * @param guest       what boots in it
 * @param files       bytes copied into guest RAM before the start
 * @param directs     ranges of the host that the guest sees as they are
 * @param cardPa      base of an RDMA card (ADR 0004) that the guest owns, at the same guest-physical address; or 0
 */
public record VmSpec(String name, long memoryBytes, long largestLeaf, int numaNode, int flags, Guest guest,
        List<BootFile> files, List<Direct> directs, long cardPa) {
    public static final long MEMORY_GPA = 0x8000_0000L;
    public static final long PAGE = 1L << 12;
    public static final long MEGAPAGE = 1L << 21;
    public static final long GIGAPAGE = 1L << 30;
    public static final int NESTED = 1;
    /** Print exit statistics when the machine ends and every 50,000 exits. */
    public static final int TELEMETRY = 1;
    /**
     * The guest keeps its hart while it waits, as if it were alone: wfi does not leave it (Palacios: yield strategy
     * greedy).
     */
    public static final int GREEDY = 2;
    public static final int MAX_NAME = 32;
    public static final int MAX_ARGUMENTS = 256;

    /** What boots in a virtual machine. */
    public sealed interface Guest {
        /**
         * A supervisor-mode kernel as ELF file in host memory, loaded at its physical addresses and entered as SBI
         * firmware would; {@code arguments}, at most {@link #MAX_ARGUMENTS} characters, are the bootargs of its device
         * tree.
         */
        record ElfKernel(long imagePa, long imageBytes, String arguments) implements Guest {}

        /** A kernel written in Java, by its number; {@code argument} is what its boot entry finds in a1, a gpa. */
        record HostedKernel(int kernel, long argument) implements Guest {}
    }

    /** {@code bytes} bytes at host address {@code pa}, to be copied to {@code gpa}. */
    public record BootFile(long pa, long bytes, long gpa) {}

    /** Host range {@code pa} appears at {@code gpa}. */
    public record Direct(long gpa, long bytes, long pa) {}

    public VmSpec {
        files = List.copyOf(files);
        directs = List.copyOf(directs);
    }

    /** What is wrong with this specification, or null. */
    public String problem() {
        if (memoryBytes <= 0 || memoryBytes % MEGAPAGE != 0) {
            return "guest memory of " + memoryBytes + " bytes is not a multiple of 2 MiB";
        }
        if (largestLeaf != PAGE && largestLeaf != MEGAPAGE && largestLeaf != GIGAPAGE) {
            return "largest page of " + largestLeaf + " bytes is none of 4 KiB, 2 MiB, 1 GiB";
        }
        if (guest instanceof Guest.ElfKernel elf && elf.arguments.length() > MAX_ARGUMENTS) {
            return "boot arguments of " + elf.arguments.length() + " characters; there is room for " + MAX_ARGUMENTS;
        }
        for (BootFile file : files) {
            long offset = file.gpa - MEMORY_GPA;
            if (offset < 0 || file.bytes < 0 || offset > memoryBytes || file.bytes > memoryBytes - offset) {
                return "file of " + file.bytes + " bytes at gpa 0x" + Long.toHexString(file.gpa)
                        + " is outside guest memory";
            }
        }
        for (Direct direct : directs) {
            if (((direct.gpa | direct.bytes | direct.pa) & (PAGE - 1)) != 0 || direct.bytes <= 0) {
                return "direct map at gpa 0x" + Long.toHexString(direct.gpa) + " is not made of whole pages";
            }
        }
        return null;
    }

    /** Writes the blob of {@code S.sizeBytes()} bytes at {@code at}. */
    public void write(Memory memory, long at) {
        memory.zero(at, S.sizeBytes());
        MAGIC.set(memory, at, MAGIC_VALUE);
        PAGING.set(memory, at, NESTED);
        MEMORY_BYTES.set(memory, at, memoryBytes);
        LARGEST_LEAF.set(memory, at, largestLeaf);
        NUMA_NODE.set(memory, at, numaNode);
        VCPUS.set(memory, at, 1);
        FLAGS.set(memory, at, flags);
        CARD_PA.set(memory, at, cardPa);
        NAME.set(memory, at, name.getBytes(StandardCharsets.US_ASCII));
        switch (guest) {
            case Guest.ElfKernel elf -> {
                GUEST.set(memory, at, 1);
                IMAGE_PA.set(memory, at, elf.imagePa);
                IMAGE_BYTES.set(memory, at, elf.imageBytes);
                ARGUMENTS.set(memory, at, elf.arguments.getBytes(StandardCharsets.US_ASCII));
            }
            case Guest.HostedKernel hosted -> {
                GUEST.set(memory, at, 2);
                KERNEL.set(memory, at, hosted.kernel);
                ARGUMENT.set(memory, at, hosted.argument);
            }
        }
        FILES.set(memory, at, files.size());
        for (int i = 0; i < files.size(); i++) {
            FILE_PA.set(memory, at, i, files.get(i).pa);
            FILE_BYTES.set(memory, at, i, files.get(i).bytes);
            FILE_GPA.set(memory, at, i, files.get(i).gpa);
        }
        DIRECTS.set(memory, at, directs.size());
        for (int i = 0; i < directs.size(); i++) {
            DIRECT_GPA.set(memory, at, i, directs.get(i).gpa);
            DIRECT_BYTES.set(memory, at, i, directs.get(i).bytes);
            DIRECT_PA.set(memory, at, i, directs.get(i).pa);
        }
    }

    /** What is wrong with the form of the blob at {@code at}, or null: then {@link #read} can read it. */
    public static String malformed(Memory memory, long at) {
        if (MAGIC.get(memory, at) != MAGIC_VALUE) {
            return "there is no configuration";
        }
        if (PAGING.get(memory, at) != NESTED) {
            return "paging mode " + PAGING.get(memory, at) + " is not known; there is 1, nested";
        }
        if (VCPUS.get(memory, at) != 1) {
            return VCPUS.get(memory, at) + " virtual cores; this version runs 1";
        }
        long guest = GUEST.get(memory, at);
        if (guest != 1 && guest != 2) {
            return "guest kind " + guest + " is not known";
        }
        if (FILES.get(memory, at) > MAX_FILES || DIRECTS.get(memory, at) > MAX_DIRECT) {
            return "more files or direct maps than the table holds";
        }
        return null;
    }

    public static VmSpec read(Memory memory, long at) {
        Guest guest = GUEST.get(memory, at) == 1
                ? new Guest.ElfKernel(IMAGE_PA.get(memory, at), IMAGE_BYTES.get(memory, at),
                        VmStruct.text(ARGUMENTS, memory, at))
                : new Guest.HostedKernel((int) KERNEL.get(memory, at), ARGUMENT.get(memory, at));
        List<BootFile> files = new ArrayList<>();
        for (int i = 0; i < FILES.get(memory, at); i++) {
            files.add(new BootFile(FILE_PA.get(memory, at, i), FILE_BYTES.get(memory, at, i),
                    FILE_GPA.get(memory, at, i)));
        }
        List<Direct> directs = new ArrayList<>();
        for (int i = 0; i < DIRECTS.get(memory, at); i++) {
            directs.add(new Direct(DIRECT_GPA.get(memory, at, i), DIRECT_BYTES.get(memory, at, i),
                    DIRECT_PA.get(memory, at, i)));
        }
        return new VmSpec(VmStruct.text(NAME, memory, at), MEMORY_BYTES.get(memory, at), LARGEST_LEAF.get(memory, at),
                (int) NUMA_NODE.get(memory, at), (int) FLAGS.get(memory, at), guest, files, directs,
                CARD_PA.get(memory, at));
    }
}
