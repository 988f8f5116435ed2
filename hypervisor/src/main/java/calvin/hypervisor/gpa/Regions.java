package calvin.hypervisor.gpa;

import calvin.hypervisor.vm.VmStruct;
import calvin.sim.state.Memory;

/**
 * The guest-physical ranges that are not RAM: hooked ones, which a virtual device emulates access by access, and direct
 * ones, which the G stage maps to the host. Palacios keeps these in a tree; here they are a short table in the VM's
 * block, read in order.
 */
public final class Regions {
    /** {@link VmStruct#REGION_KIND} of a range mapped to the host. Other kinds are numbers of virtual devices. */
    public static final int DIRECT = 0;

    private Regions() {}

    /** Adds a range; false when the table is full or the range overlaps RAM or another one. */
    public static boolean add(Memory memory, long vmAt, long gpa, long bytes, int kind, long pa) {
        int used = (int) VmStruct.REGIONS.get(memory, vmAt);
        long ramGpa = VmStruct.MEMORY_GPA.get(memory, vmAt);
        if (used >= VmStruct.MAX_REGIONS || bytes <= 0
                || overlap(gpa, bytes, ramGpa, VmStruct.MEMORY_BYTES.get(memory, vmAt))) {
            return false;
        }
        for (int i = 0; i < used; i++) {
            if (overlap(gpa, bytes, VmStruct.REGION_GPA.get(memory, vmAt, i),
                    VmStruct.REGION_BYTES.get(memory, vmAt, i))) {
                return false;
            }
        }
        VmStruct.REGION_GPA.set(memory, vmAt, used, gpa);
        VmStruct.REGION_BYTES.set(memory, vmAt, used, bytes);
        VmStruct.REGION_KIND.set(memory, vmAt, used, kind);
        VmStruct.REGION_PA.set(memory, vmAt, used, pa);
        VmStruct.REGIONS.set(memory, vmAt, used + 1);
        return true;
    }

    /** Number of the hooked range that holds {@code gpa}, or -1. */
    public static int hooked(Memory memory, long vmAt, long gpa) {
        long used = Math.min(VmStruct.REGIONS.get(memory, vmAt), VmStruct.MAX_REGIONS);
        for (int i = 0; i < used; i++) {
            long offset = gpa - VmStruct.REGION_GPA.get(memory, vmAt, i);
            if (Long.compareUnsigned(offset, VmStruct.REGION_BYTES.get(memory, vmAt, i)) < 0
                    && VmStruct.REGION_KIND.get(memory, vmAt, i) != DIRECT) {
                return i;
            }
        }
        return -1;
    }

    private static boolean overlap(long left, long leftBytes, long right, long rightBytes) {
        return left < right + rightBytes && right < left + leftBytes;
    }
}
