package calvin.hypervisor.vm;

import calvin.sim.state.Memory;
import calvin.sim.state.Struct;
import calvin.sim.state.Struct.Bytes;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.Words;
import java.nio.charset.StandardCharsets;

/**
 * The control block of a virtual machine. It heads one contiguous allocation of host memory:
 *
 * <pre>
 *      0   this block
 *   4096   VcpuStruct of virtual core 0, then of the next, 4096 bytes each
 *     ..   G-stage root (16 KiB aligned) and tables
 * </pre>
 *
 * All addresses in it are physical addresses of the host, except those named gpa.
 */
public final class VmStruct {
    /** "V3VMSTRU" in little-endian order. */
    public static final long MAGIC_VALUE = 0x5552_5453_4D56_3356L;
    public static final int MAX_VCPUS = 8;
    /** Hooked and directly mapped ranges of guest-physical addresses. */
    public static final int MAX_REGIONS = 8;
    public static final int MAX_DEVICE_WORDS = 64;

    public static final Struct S = Struct.named("vm");
    public static final U64 MAGIC = S.u64("magic", "MAGIC_VALUE");
    public static final U32 STATE = S.u32("state", "VmState, by ordinal");
    public static final U32 NUMBER = S.u32("number", "of the VM on its host, from 1; its VMID");
    public static final U64 BLOCK_BYTES = S.u64("block_bytes", "length of the allocation that this block heads");
    public static final U64 MEMORY_GPA = S.u64("memory_gpa", "first byte of guest RAM");
    public static final U64 MEMORY_PA = S.u64("memory_pa", "where it lies in host memory, contiguous");
    public static final U64 MEMORY_BYTES = S.u64("memory_bytes", "length of guest RAM");
    public static final U64 ROOT_PA = S.u64("root_pa", "root table of the G stage");
    public static final U64 TABLES_PA = S.u64("tables_pa", "next free page for G-stage tables");
    public static final U64 TABLES_END = S.u64("tables_end", "end of the pages for tables");
    public static final U64 HGATP = S.u64("hgatp", "value of hgatp: mode, VMID, root");
    public static final U64 LARGEST_LEAF = S.u64("largest_leaf", "bytes of the largest G-stage page that may be used");
    public static final U32 VCPUS = S.u32("vcpus", "number of virtual cores");
    public static final U32 REGIONS = S.u32("regions", "used entries of the region table");
    public static final U32 FLAGS = S.u32("flags", "VmSpec flags");
    public static final U32 EXIT_CODE = S.u32("exit_code", "what the guest ended with, once STOPPED");
    public static final U64 TIMEBASE_HZ = S.u64("timebase_hz", "frequency of the time CSR");
    public static final Bytes NAME = S.bytes("name", 32, "for messages, padded with zeros");
    public static final Bytes ERROR = S.bytes("error", 160, "why the state is ERROR or INVALID, padded with zeros");
    public static final Words REGION_GPA = S.words("region_gpa", MAX_REGIONS, "first guest-physical address");
    public static final Words REGION_BYTES = S.words("region_bytes", MAX_REGIONS, "length");
    public static final Words REGION_KIND = S.words("region_kind", MAX_REGIONS,
            "number of the device that emulates it, or DIRECT");
    public static final Words REGION_PA = S.words("region_pa", MAX_REGIONS,
            "host address behind it, for passed-through ranges");
    public static final Words DEVICE = S.words("device", MAX_DEVICE_WORDS,
            "registers of virtual devices, see hypervisor.vdev");

    static {
        S.endsAt(1072);
    }

    /** Where the first virtual core lies behind the VM's block, and the distance to the next. */
    public static final int VCPU_STRIDE = 4096;

    private VmStruct() {}

    public static long vcpuAt(long vmAt, int vcpu) {
        return vmAt + (long) VCPU_STRIDE * (1 + vcpu);
    }

    public static VmState state(Memory memory, long vmAt) {
        return VmState.of(STATE.get(memory, vmAt));
    }

    public static void state(Memory memory, long vmAt, VmState state) {
        STATE.set(memory, vmAt, state.ordinal());
    }

    /** Puts the VM into ERROR (or leaves it INVALID while it is being built) for this reason. */
    public static void fail(Memory memory, long vmAt, VmState state, String why) {
        ERROR.set(memory, vmAt, why.getBytes(StandardCharsets.US_ASCII));
        state(memory, vmAt, state);
    }

    public static String text(Bytes field, Memory memory, long at) {
        byte[] bytes = new byte[field.length()];
        field.get(memory, at, bytes);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.US_ASCII);
    }

    /**
     * The host address of {@code length} bytes of guest RAM at {@code gpa}, or -1 when they are not all RAM.
     */
    public static long ramPa(Memory memory, long vmAt, long gpa, long length) {
        long offset = gpa - MEMORY_GPA.get(memory, vmAt);
        long bytes = MEMORY_BYTES.get(memory, vmAt);
        if (length < 0 || Long.compareUnsigned(offset, bytes) > 0 || length > bytes - offset) {
            return -1;
        }
        return MEMORY_PA.get(memory, vmAt) + offset;
    }
}
