package calvin.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import calvin.hypervisor.vm.VmSpec;
import calvin.hypervisor.vm.VmStruct;
import calvin.sim.state.Block;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class KernelImageTest {
    private static final long IMAGE = 0x1_0000;
    private static final long RAM_PA = 0x10_0000;
    private static final int IMAGE_BYTES = 0x200;
    private final Block memory = new Block(4 << 20);

    /** One segment of 5 bytes in the file and 32 in memory at gpa 0x8020_0000. */
    private void image() {
        VmStruct.MEMORY_GPA.set(memory, 0, VmSpec.MEMORY_GPA);
        VmStruct.MEMORY_PA.set(memory, 0, RAM_PA - 0x20_0000);
        VmStruct.MEMORY_BYTES.set(memory, 0, 0x40_0000);
        memory.u32(IMAGE, 0x464C457F);
        memory.u16(IMAGE + 4, 0x0102);
        memory.u16(IMAGE + 18, 243);
        memory.u64(IMAGE + 24, 0x8020_0002L);
        memory.u64(IMAGE + 32, 64);
        memory.u16(IMAGE + 56, 1);
        memory.u32(IMAGE + 64, 1);
        memory.u64(IMAGE + 72, 0x100);
        memory.u64(IMAGE + 88, 0x8020_0000L);
        memory.u64(IMAGE + 96, 5);
        memory.u64(IMAGE + 104, 32);
        memory.write(IMAGE + 0x100, "abcde".getBytes(StandardCharsets.US_ASCII), 0, 5);
    }

    private String load() {
        return KernelImage.load(memory, 0, IMAGE, IMAGE_BYTES);
    }

    @Test
    void segmentsGoToTheirPhysicalAddresses() {
        image();
        assertNull(load());
        byte[] copied = new byte[6];
        memory.read(RAM_PA, copied, 0, 6);
        assertEquals("abcde\0", new String(copied, StandardCharsets.US_ASCII));
        assertEquals(0x8020_0002L, KernelImage.entry(memory, IMAGE));
    }

    @Test
    void whatIsWrongWithAnImageIsSaid() {
        assertEquals("the kernel image is not an ELF file", load());
        image();
        memory.u16(IMAGE + 18, 62);
        assertEquals("the kernel image is not for 64-bit little-endian RISC-V", load());
        image();
        memory.u64(IMAGE + 32, IMAGE_BYTES - 55);
        assertEquals("the kernel image is cut off in its program headers", load());
        image();
        memory.u64(IMAGE + 72, Long.MAX_VALUE);
        assertEquals("the kernel image is cut off in a segment", load());
        image();
        memory.u64(IMAGE + 88, 0x8040_0000L - 31);
        assertEquals("guest memory of 4 MiB does not hold the kernel's segment of 32 bytes at gpa 0x803fffe1", load());
        image();
        memory.u64(IMAGE + 24, 0x7000_0000L);
        assertEquals("the kernel's entry is outside of guest memory", load());
    }
}
