package calvin.machine.iommu;

import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mmu.Access;
import calvin.machine.mmu.Pmp;
import calvin.machine.mmu.Walker;
import calvin.sim.state.Derived;

/**
 * Finds out where an access of a device goes (iommu 3.3): device context, process context, two stages of page tables,
 * messages of guests. Every translation walks tables anew, so what software stores is seen at once and invalidating has
 * nothing to do. The results stay in fields until the next translation.
 *
 * <p>Cost: for a page of a device with a three-level directory and two-stage Sv39, 11 and up to 15 words read.
 */
final class Translation {
    private static final long VALID = 1;
    private static final long PC_ENS = 2;
    private static final long PC_SUM = 4;
    /** V, ENS, SUM, PSCID. */
    private static final long PC_TA_BITS = 0xFFFF_F007L;
    /** V and PPN. */
    private static final long POINTER_BITS = 0x003F_FFFF_FFFF_FC01L;
    private static final int CONTEXT = Access.VIRTUAL | Access.MEMORY_TYPES | Access.GUEST_MEMORY_TYPES;
    private static final long IMPLICIT_WRITE = 0x3020;
    private static final int BASIC = 3;
    private static final int MRIF = 1;
    /** V, M, PPN. */
    private static final long MSI_BASIC_BITS = 0x003F_FFFF_FFFF_FC07L;
    /** V, M, bits 55:9 of the file's address. */
    private static final long MSI_MRIF_BITS = 0x003F_FFFF_FFFF_FF87L;
    /** NID in 9:0 and 60, NPPN. */
    private static final long MSI_NOTICE_BITS = 0x103F_FFFF_FFFF_FFFFL;

    private final PhysicalMemory memory;
    private final Walker walker;
    private final DeviceContext device;
    @Derived(from = "the last translation")
    private long pa;
    @Derived(from = "the last translation")
    private long mrifPa;
    @Derived(from = "the last translation")
    private long noticePa;
    @Derived(from = "the last translation")
    private int noticeData;
    @Derived(from = "the last translation")
    private long iotval2;
    @Derived(from = "the last translation")
    private int context;
    @Derived(from = "the last translation")
    private long iosatp;
    @Derived(from = "the last translation")
    private FaultCause directoryFault;

    Translation(PhysicalMemory memory) {
        this.memory = memory;
        // Protection is the harts'; the IOMMU is what devices are checked by.
        walker = new Walker(memory, new Pmp(0, false));
        device = new DeviceContext(memory);
    }

    /** Where the access goes. */
    long pa() {
        return pa;
    }

    /** When not 0, the access is a message to this memory-resident interrupt file. */
    long mrifPa() {
        return mrifPa;
    }

    long noticePa() {
        return noticePa;
    }

    int noticeData() {
        return noticeData;
    }

    /** For the fault record. */
    long iotval2() {
        return iotval2;
    }

    /** Whether the fault is not to be reported (DTF). */
    boolean quiet(FaultCause cause) {
        return !cause.always && device.quiet();
    }

    /**
     * Translates an untranslated request.
     *
     * @param access READ, WRITE or EXECUTE of {@link Access}
     * @return null, or what is wrong
     */
    FaultCause translate(long ddtp, Transaction who, long iova, int access) {
        mrifPa = 0;
        iotval2 = 0;
        directoryFault = null;
        int mode = (int) ddtp & 15;
        if (mode == DeviceContext.OFF) {
            device.forget();
            return FaultCause.ALL_DISALLOWED;
        }
        if (mode == DeviceContext.BARE) {
            pa = iova;
            return null;
        }
        device.forget();
        if (who.deviceId() >>> DeviceContext.idBits(DeviceContext.levels(ddtp)) != 0) {
            return FaultCause.TYPE_DISALLOWED;
        }
        FaultCause missing = device.find(ddtp, who.deviceId());
        if (missing != null) {
            return missing;
        }
        FaultCause refused = chooseFirstStage(who, access);
        if (refused != null) {
            return refused;
        }
        int result = walker.walkFirst(iova, access, context, iosatp, device.iohgatp(), device.updatesFirst(),
                device.updatesSecond());
        if (result != Walker.OK) {
            return fault(result, access);
        }
        if (DeviceContext.mode(device.msiptp()) != 0 && isMessage(walker.gpa())) {
            return translateMessage(walker.gpa(), access);
        }
        result = walker.walkSecond(access);
        pa = walker.pa();
        return result == Walker.OK ? null : fault(result, access);
    }

    /** Sets {@link #iosatp} and {@link #context} (iommu 3.3, steps 7 to 16). */
    private FaultCause chooseFirstStage(Transaction who, int access) {
        context = CONTEXT;
        iosatp = 0;
        if (!device.hasDirectory()) {
            iosatp = device.fsc();
            return who.hasProcess() ? FaultCause.TYPE_DISALLOWED : null;
        }
        int levels = DeviceContext.mode(device.fsc());
        if (who.hasProcess() && levels != 0 && who.processId() >>> processBits(levels) != 0) {
            return FaultCause.TYPE_DISALLOWED;
        }
        if (!who.hasProcess() && !device.defaultsToZero() || levels == 0) {
            return null;
        }
        long at = findProcess(who.processId(), levels, access);
        if (directoryFault != null) {
            return directoryFault;
        }
        long ta = memory.u64(at);
        iosatp = memory.u64(at + 8);
        if (!who.supervisor()) {
            return null;
        }
        context |= 1 | ((ta & PC_SUM) != 0 ? Access.SUM : 0);
        return (ta & PC_ENS) != 0 ? null : FaultCause.TYPE_DISALLOWED;
    }

    /** Bits of a process id that so many levels tell apart. */
    private static int processBits(int levels) {
        return levels == 1 ? 8 : levels == 2 ? 17 : 20;
    }

    /** Physical address of the process context (iommu 3.3.2), or {@link #directoryFault} is set. */
    private long findProcess(int processId, int levels, int access) {
        long table = DeviceContext.page(device.fsc());
        for (int level = levels - 1; level > 0; level--) {
            long at = directoryPa(table + 8L * (processId >>> 8 + 9 * (level - 1) & 511), 8, access);
            if (directoryFault != null) {
                return 0;
            }
            long entry = memory.u64(at);
            if ((entry & VALID) == 0) {
                return fail(FaultCause.PDT_NOT_VALID);
            }
            if ((entry & ~POINTER_BITS) != 0) {
                return fail(FaultCause.PDT_MISCONFIGURED);
            }
            table = DeviceContext.page(entry >>> 10);
        }
        long at = directoryPa(table + 16L * (processId & 255), 16, access);
        if (directoryFault != null) {
            return 0;
        }
        long ta = memory.u64(at);
        if ((ta & VALID) == 0) {
            return fail(FaultCause.PDT_NOT_VALID);
        }
        long fsc = memory.u64(at + 8);
        boolean wellFormed = (ta & ~PC_TA_BITS) == 0 && DeviceContext.wellFormedPointer(fsc)
                && DeviceContext.pagingMode(DeviceContext.mode(fsc));
        return wellFormed ? at : fail(FaultCause.PDT_MISCONFIGURED);
    }

    private long fail(FaultCause cause) {
        directoryFault = cause;
        return 0;
    }

    /** Where an entry of the process directory is: its address is a guest's where there is a second stage. */
    private long directoryPa(long gpa, int bytes, int access) {
        int result = walker.walk(gpa, Access.READ, CONTEXT, 0, device.iohgatp(), false, device.updatesSecond());
        if (result == Walker.GUEST_PAGE_FAULT) {
            // iommu 3.3.2: an implicit read, reported as the access it is for.
            iotval2 = gpa & ~3L | 1;
            return fail(guestFault(access));
        }
        if (result != Walker.OK || !memory.isRam(walker.pa(), bytes)) {
            return fail(FaultCause.PDT_ACCESS_FAULT);
        }
        return walker.pa();
    }

    private static FaultCause guestFault(int access) {
        return FaultCause.of(access, FaultCause.READ_GUEST_FAULT, FaultCause.WRITE_GUEST_FAULT,
                FaultCause.INSTRUCTION_GUEST_FAULT);
    }

    private static FaultCause accessFault(int access) {
        return FaultCause.of(access, FaultCause.READ_ACCESS_FAULT, FaultCause.WRITE_ACCESS_FAULT,
                FaultCause.INSTRUCTION_ACCESS_FAULT);
    }

    private FaultCause fault(int result, int access) {
        if (result == Walker.GUEST_PAGE_FAULT) {
            long implicit = walker.pseudoInstruction();
            iotval2 = walker.gpa() & ~3L | (implicit == 0 ? 0 : implicit == IMPLICIT_WRITE ? 3 : 1);
            return guestFault(access);
        }
        return result == Walker.ACCESS_FAULT
                ? accessFault(access)
                : FaultCause.of(access, FaultCause.READ_PAGE_FAULT, FaultCause.WRITE_PAGE_FAULT,
                        FaultCause.INSTRUCTION_PAGE_FAULT);
    }

    // Messages of guests (iommu 3.1.3.6, 3.3.3).

    private boolean isMessage(long gpa) {
        long fixed = ~device.msiMask();
        return ((gpa >>> 12 ^ device.msiPattern()) & fixed) == 0;
    }

    private FaultCause translateMessage(long gpa, int access) {
        long at = DeviceContext.page(device.msiptp()) | Long.compress(gpa >>> 12, device.msiMask()) << 4;
        if (!memory.isRam(at, 16)) {
            return FaultCause.MSI_PTE_ACCESS_FAULT;
        }
        long entry = memory.u64(at);
        if ((entry & VALID) == 0) {
            return FaultCause.MSI_PTE_NOT_VALID;
        }
        long second = memory.u64(at + 8);
        int mode = (int) (entry >>> 1) & 3;
        // A custom entry (C) has bit 63 set and so is none of these. The second word of a basic one is software's.
        boolean basic = mode == BASIC && (entry & ~MSI_BASIC_BITS) == 0;
        boolean resident = mode == MRIF && (entry & ~MSI_MRIF_BITS) == 0 && (second & ~MSI_NOTICE_BITS) == 0;
        if (!basic && !resident) {
            return FaultCause.MSI_PTE_MISCONFIGURED;
        }
        if (access == Access.EXECUTE) {
            return FaultCause.INSTRUCTION_ACCESS_FAULT;
        }
        pa = DeviceContext.page(entry >>> 10) | gpa & 4095;
        if (resident) {
            mrifPa = (entry >>> 7 & (1L << 47) - 1) << 9;
            noticePa = DeviceContext.page(second >>> 10);
            noticeData = (int) (second & 0x3FF | second >>> 50 & 0x400);
        }
        return null;
    }
}
