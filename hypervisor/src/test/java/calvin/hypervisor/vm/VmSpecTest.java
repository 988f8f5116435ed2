package calvin.hypervisor.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import calvin.sim.state.Block;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VmSpecTest {
    private static final VmSpec SPEC = new VmSpec("guest", 64L << 20, VmSpec.GIGAPAGE, 1, VmSpec.TELEMETRY,
            new VmSpec.Guest.HostedKernel(2, 0x8020_0000L),
            List.of(new VmSpec.BootFile(0x9000_0000L, 100, 0x8020_0000L)),
            List.of(new VmSpec.Direct(0x4000_0000L, 4096, 0x4000_0000L)), 0x4000_0000L);

    private static VmSpec with(long memoryBytes, long leaf, List<VmSpec.BootFile> files, List<VmSpec.Direct> directs) {
        return new VmSpec("x", memoryBytes, leaf, -1, 0, SPEC.guest(), files, directs, 0);
    }

    @Test
    void aBlobReadsAsItWasWritten() {
        Block memory = new Block(4096);
        SPEC.write(memory, 128);
        assertNull(VmSpec.malformed(memory, 128));
        assertEquals(SPEC, VmSpec.read(memory, 128));
        VmSpec elf = new VmSpec("elf", 2L << 20, VmSpec.PAGE, -1, 0, new VmSpec.Guest.ElfKernel(1, 2, "console=ttyS0"),
                List.of(), List.of(), 0);
        elf.write(memory, 128);
        assertEquals(elf, VmSpec.read(memory, 128));
        assertNull(elf.problem());
    }

    @Test
    void damagedBlobsAreNamed() {
        Block memory = new Block(4096);
        assertEquals("there is no configuration", VmSpec.malformed(memory, 0));
        SPEC.write(memory, 0);
        VmSpecStruct.PAGING.set(memory, 0, 2);
        assertEquals("paging mode 2 is not known; there is 1, nested", VmSpec.malformed(memory, 0));
        SPEC.write(memory, 0);
        VmSpecStruct.VCPUS.set(memory, 0, 4);
        assertEquals("4 virtual cores; this version runs 1", VmSpec.malformed(memory, 0));
        SPEC.write(memory, 0);
        VmSpecStruct.FILES.set(memory, 0, 9);
        assertEquals("more files or direct maps than the table holds", VmSpec.malformed(memory, 0));
    }

    @Test
    void impossibleMachinesAreNamed() {
        assertEquals("guest memory of 4096 bytes is not a multiple of 2 MiB",
                with(4096, VmSpec.PAGE, List.of(), List.of()).problem());
        assertEquals("largest page of 3 bytes is none of 4 KiB, 2 MiB, 1 GiB",
                with(2L << 20, 3, List.of(), List.of()).problem());
        assertEquals("file of 4097 bytes at gpa 0x801ff000 is outside guest memory",
                with(2L << 20, VmSpec.PAGE, List.of(new VmSpec.BootFile(0, 4097, 0x801F_F000L)), List.of()).problem());
        assertEquals("direct map at gpa 0x10 is not made of whole pages",
                with(2L << 20, VmSpec.PAGE, List.of(), List.of(new VmSpec.Direct(0x10, 4096, 0))).problem());
    }

    @Test
    void addressesBesideGuestMemoryAreNotRam() {
        Block memory = new Block(4096);
        VmStruct.MEMORY_GPA.set(memory, 0, VmSpec.MEMORY_GPA);
        VmStruct.MEMORY_PA.set(memory, 0, 0x1_0000_0000L);
        VmStruct.MEMORY_BYTES.set(memory, 0, 2L << 20);
        assertEquals(0x1_0000_0000L, VmStruct.ramPa(memory, 0, 0x8000_0000L, 2L << 20));
        assertEquals(0x1_001F_FFFFL, VmStruct.ramPa(memory, 0, 0x801F_FFFFL, 1));
        assertEquals(-1, VmStruct.ramPa(memory, 0, 0x801F_FFFFL, 2));
        assertEquals(-1, VmStruct.ramPa(memory, 0, 0x7FFF_FFFFL, 1));
        assertEquals(-1, VmStruct.ramPa(memory, 0, 0x8000_0000L, -1));
        assertEquals(-1, VmStruct.ramPa(memory, 0, -1, 1));
    }
}
