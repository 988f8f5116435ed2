package calvin.machine.oracle;

import calvin.machine.isa.Cause;
import java.util.List;

/** Where QEMU 7.2 is known not to do what the privileged manual says, so that a difference is none of ours. */
enum QemuDeviation {
    /**
     * priv H, "Guest-Page Faults": the cause is by the original access. QEMU reports a fault of the G stage met while
     * it walks the VS stage for a fetch or store as one of a load.
     */
    IMPLICIT_ACCESS,
    /**
     * priv 3.1.6.3 and H, "mstatus": with MPRV and MPV set, a data access is as one in V=1. QEMU takes it for one in HS
     * mode where it raises the exception: no guest-page fault, no GVA.
     */
    MPRV_OF_A_GUEST,
    /** priv H, "mstatus": GVA is set for HLV, HLVX and HSV too. QEMU sets it in M mode only when V was 1. */
    GVA_OF_HYPERVISOR_ACCESSES,
    /** priv H, "mstatus": GVA says that the trap value is an address, which that of an illegal instruction is not. */
    GVA_OF_AN_ILLEGAL_INSTRUCTION,
    /**
     * priv 3.7.1 and S, "Virtual Address Translation Process": when PMP forbids an implicit access of the walk, or the
     * store that sets A or D, that is an access fault. QEMU makes a guest-page fault of it when the G stage is being
     * walked for the VS stage, and does not ask PMP for the store.
     */
    PMP_IN_A_WALK,
    /** priv 3.1.15: an AMO raises store/AMO faults only. QEMU asks for permission to load too, and faults as a load. */
    AMO_OF_AN_UNREADABLE_PAGE,
    /**
     * priv S, "Virtual Address Translation Process", step 2: a PTE where no memory is violates a PMA check, which is an
     * access fault of the original type. QEMU makes a page fault of it. It comes about when a step has stored over a
     * table, so the access is none of PMP's.
     */
    TABLE_OUTSIDE_MEMORY;

    /** The deviation that explains this difference, or null. */
    static QemuDeviation of(String step, long[] mine, long[] other) {
        long cause = mine[TrapLog.MCAUSE.ordinal()];
        long their = other[TrapLog.MCAUSE.ordinal()];
        boolean guestFault = cause == Cause.INSTRUCTION_GUEST_PAGE_FAULT.code
                || cause == Cause.STORE_GUEST_PAGE_FAULT.code;
        if (guestFault && their == Cause.LOAD_GUEST_PAGE_FAULT.code
                && mine[TrapLog.MTVAL2.ordinal()] == other[TrapLog.MTVAL2.ordinal()]) {
            return IMPLICIT_ACCESS;
        }
        boolean accessFault = cause == Cause.INSTRUCTION_ACCESS_FAULT.code || cause == Cause.LOAD_ACCESS_FAULT.code
                || cause == Cause.STORE_ACCESS_FAULT.code;
        if (accessFault && step.contains(" with PMP ") && their != cause) {
            return PMP_IN_A_WALK;
        }
        if (accessFault && !step.contains(" with PMP ") && their == pageFaultOf(cause)) {
            return TABLE_OUTSIDE_MEMORY;
        }
        if (cause == Cause.ILLEGAL_INSTRUCTION.code
                && TrapLog.differences(mine, other).equals(List.of(TrapLog.GVA_MISSING))) {
            return GVA_OF_AN_ILLEGAL_INSTRUCTION;
        }
        boolean amo = step.contains("amo") && (cause == Cause.STORE_ACCESS_FAULT.code
                || cause == Cause.STORE_PAGE_FAULT.code || cause == Cause.STORE_GUEST_PAGE_FAULT.code);
        if (amo && their == cause - 2) {
            return AMO_OF_AN_UNREADABLE_PAGE;
        }
        boolean byHypervisor = step.matches(".*; h[ls]v.*");
        if (byHypervisor && TrapLog.differences(mine, other).equals(List.of(TrapLog.GVA_MISSING))) {
            return GVA_OF_HYPERVISOR_ACCESSES;
        }
        boolean mprv = step.contains("li t0, 0x80000") && !step.contains("mret") && !byHypervisor;
        if (mprv && cause != TrapLog.NO_TRAP && their != TrapLog.NO_TRAP && cause != Cause.ECALL_FROM_M.code) {
            return MPRV_OF_A_GUEST;
        }
        return null;
    }

    private static long pageFaultOf(long accessFault) {
        Cause page = accessFault == Cause.INSTRUCTION_ACCESS_FAULT.code
                ? Cause.INSTRUCTION_PAGE_FAULT
                : accessFault == Cause.LOAD_ACCESS_FAULT.code ? Cause.LOAD_PAGE_FAULT : Cause.STORE_PAGE_FAULT;
        return page.code;
    }

    /**
     * Whether two doublewords are equal, or PTEs that differ as they may: priv, "Virtual-Memory System", lets a walk
     * set A without an access, as QEMU does in PTEs that then turn out to be reserved. And priv H, "Two-Stage Address
     * Translation": setting A or D in a PTE of the VS stage is a store, for which the G stage's PTE gets D; not in
     * QEMU.
     */
    static boolean samePte(long mine, long other) {
        long accessed = 1 << 6;
        long dirty = 1 << 7;
        boolean onlyAccessed = (mine | accessed | dirty) == other || (mine | accessed) == other;
        return mine == other || onlyAccessed || (other | dirty) == mine;
    }
}
