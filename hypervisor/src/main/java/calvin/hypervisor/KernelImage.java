package calvin.hypervisor;

import calvin.hypervisor.vm.VmStruct;
import calvin.sim.state.Memory;

/**
 * Loads a guest's kernel, a 64-bit little-endian RISC-V ELF file in host memory, into guest RAM at its physical
 * addresses (elf, "Program Header"). Everything in the file is checked before it is used; what is wrong is said in
 * words.
 */
final class KernelImage {
    private static final long ELF_MAGIC = 0x464C_457FL;
    private static final int CLASS_64_LITTLE = 0x0102;
    private static final int MACHINE_RISCV = 243;
    private static final int HEADER_BYTES = 64;
    private static final int SEGMENT_BYTES = 56;
    private static final int MAX_SEGMENTS = 64;
    private static final int LOADABLE = 1;

    private KernelImage() {}

    /** Copies all loadable segments; returns what is wrong, or null. */
    static String load(Memory memory, long vmAt, long imagePa, long imageBytes) {
        if (imageBytes < HEADER_BYTES || memory.u32(imagePa) != ELF_MAGIC) {
            return "the kernel image is not an ELF file";
        }
        if (memory.u16(imagePa + 4) != CLASS_64_LITTLE || memory.u16(imagePa + 18) != MACHINE_RISCV) {
            return "the kernel image is not for 64-bit little-endian RISC-V";
        }
        long headers = memory.u64(imagePa + 32);
        int count = memory.u16(imagePa + 56);
        if (count > MAX_SEGMENTS || headers < 0 || headers > imageBytes - (long) count * SEGMENT_BYTES) {
            return "the kernel image is cut off in its program headers";
        }
        for (int i = 0; i < count; i++) {
            String problem = segment(memory, vmAt, imagePa, imageBytes, imagePa + headers + (long) i * SEGMENT_BYTES);
            if (problem != null) {
                return problem;
            }
        }
        return VmStruct.ramPa(memory, vmAt, entry(memory, imagePa), 2) == -1
                ? "the kernel's entry is outside of guest memory"
                : null;
    }

    /** The entry point, a gpa: kernels are entered with paging off. */
    static long entry(Memory memory, long imagePa) {
        return memory.u64(imagePa + 24);
    }

    private static String segment(Memory memory, long vmAt, long imagePa, long imageBytes, long headerPa) {
        if (memory.u32(headerPa) != LOADABLE) {
            return null;
        }
        long offset = memory.u64(headerPa + 8);
        long gpa = memory.u64(headerPa + 24);
        long fileBytes = memory.u64(headerPa + 32);
        long memoryBytes = memory.u64(headerPa + 40);
        if (offset < 0 || fileBytes < 0 || fileBytes > memoryBytes || offset > imageBytes - fileBytes) {
            return "the kernel image is cut off in a segment";
        }
        long pa = VmStruct.ramPa(memory, vmAt, gpa, memoryBytes);
        if (pa == -1) {
            return "guest memory of " + (VmStruct.MEMORY_BYTES.get(memory, vmAt) >> 20)
                    + " MiB does not hold the kernel's segment of " + memoryBytes + " bytes at gpa 0x"
                    + Long.toHexString(gpa);
        }
        // The rest of the segment is clear because guest RAM is.
        copy(memory, imagePa + offset, pa, fileBytes);
        return null;
    }

    /** Copies within physical memory. */
    static void copy(Memory memory, long fromPa, long toPa, long bytes) {
        byte[] chunk = new byte[(int) Math.min(bytes, 1 << 16)];
        for (long done = 0; done < bytes; done += chunk.length) {
            int length = (int) Math.min(chunk.length, bytes - done);
            memory.read(fromPa + done, chunk, 0, length);
            memory.write(toPa + done, chunk, 0, length);
        }
    }
}
