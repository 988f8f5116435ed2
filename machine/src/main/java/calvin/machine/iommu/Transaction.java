package calvin.machine.iommu;

import calvin.machine.mmu.Access;

/**
 * Who asks, by what a device's port says of itself.
 *
 * @param deviceId   24 bits: for PCIe the requester id, and the segment above it
 * @param hasProcess whether {@code processId} is valid (PASID)
 * @param processId  20 bits, 0 without
 * @param supervisor asks with supervisor privilege; never without a process id
 */
record Transaction(int deviceId, boolean hasProcess, int processId, boolean supervisor) {
    /** TTYP of an untranslated access (iommu 4.2). */
    static int type(int access) {
        return switch (access) {
            case Access.READ -> 2;
            case Access.WRITE -> 3;
            default -> 1;
        };
    }

    /** The first word of a fault record without its cause. */
    long faultWord(int access) {
        return (long) processId << 12 | (hasProcess ? 1L << 32 : 0) | (supervisor ? 1L << 33 : 0)
                | (long) type(access) << 34 | (long) deviceId << 40;
    }
}
