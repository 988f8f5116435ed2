package calvin.hypervisor.vm;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.Bytes;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.Words;

/**
 * The configuration of a virtual machine as it lies in host memory: what Palacios reads from its XML and image file.
 */
public final class VmSpecStruct {
    /** "V3CONFIG" in little-endian order. */
    public static final long MAGIC_VALUE = 0x4749_464E_4F43_3356L;
    public static final int MAX_FILES = 8;
    public static final int MAX_DIRECT = 4;

    public static final Struct S = Struct.named("vm_spec");
    public static final U64 MAGIC = S.u64("magic", "MAGIC_VALUE");
    public static final U32 PAGING = S.u32("paging", "1 nested");
    public static final U32 GUEST = S.u32("guest", "1 ELF kernel, 2 hosted kernel");
    public static final U64 MEMORY_BYTES = S.u64("memory_bytes", "guest RAM, a multiple of 2 MiB");
    public static final U64 LARGEST_LEAF = S.u64("largest_leaf",
            "bytes of the largest G-stage page: 4 KiB, 2 MiB or 1 GiB");
    public static final U32 NUMA_NODE = S.u32("numa_node", "where guest RAM should lie; 0xFFFFFFFF for anywhere");
    public static final U32 VCPUS = S.u32("vcpus", "number of virtual cores");
    public static final U32 FLAGS = S.u32("flags", "VmSpec.TELEMETRY, VmSpec.GREEDY");
    public static final U32 KERNEL = S.u32("kernel", "number of the hosted kernel");
    public static final U64 ARGUMENT = S.u64("argument", "a1 of a hosted kernel's boot: a gpa");
    public static final U64 IMAGE_PA = S.u64("image_pa", "ELF file of the kernel");
    public static final U64 IMAGE_BYTES = S.u64("image_bytes", "its length");
    public static final U64 CARD_PA = S.u64("card_pa", "RDMA card to pass through, or 0");
    public static final U32 FILES = S.u32("files", "used entries of the file table");
    public static final U32 DIRECTS = S.u32("directs", "used entries of the table of direct maps");
    public static final Bytes NAME = S.bytes("name", 32, "for messages, padded with zeros");
    public static final U64 VM = S.u64("vm",
            "written by the hypervisor: pa of the machine's control block once it is built");
    public static final Bytes ARGUMENTS = S.bytes("arguments", 256,
            "bootargs of an ELF kernel's device tree, padded with zeros");
    public static final Words FILE_PA = S.words("file_pa", MAX_FILES, "bytes to copy into guest RAM before the start");
    public static final Words FILE_BYTES = S.words("file_bytes", MAX_FILES, "how many");
    public static final Words FILE_GPA = S.words("file_gpa", MAX_FILES, "to where");
    public static final Words DIRECT_GPA = S.words("direct_gpa", MAX_DIRECT,
            "guest-physical range mapped to a host range");
    public static final Words DIRECT_BYTES = S.words("direct_bytes", MAX_DIRECT, "its length, a multiple of 4 KiB");
    public static final Words DIRECT_PA = S.words("direct_pa", MAX_DIRECT, "the host range");

    static {
        S.endsAt(672);
    }

    private VmSpecStruct() {}
}
