package calvin.machine.iommu;

import calvin.machine.mem.PhysicalMemory;
import calvin.sim.state.Derived;

/**
 * The device context found last (iommu 3.1, extended format), and how it is found: a walk of the device directory from
 * ddtp. Nothing is kept from one transaction to the next.
 */
final class DeviceContext {
    static final int OFF = 0;
    static final int BARE = 1;
    /** ddtp's mode for three levels; below it two and one. */
    static final int THREE_LEVELS = 4;
    private static final int ENTRY_BYTES = 64;

    private static final long VALID = 1;
    private static final long DTF = 1 << 4;
    private static final long PDTV = 1 << 5;
    private static final long GADE = 1 << 7;
    private static final long SADE = 1 << 8;
    private static final long DPE = 1 << 9;
    /** Besides those: bits for custom use. ATS, PRI, big-endian tables and Sv32 are not supported. */
    private static final long TC_BITS = VALID | DTF | PDTV | GADE | SADE | DPE | 0xFF00_0000L;
    private static final long PSCID = 0xFFFF_F000L;
    /** V and PPN. */
    private static final long POINTER_BITS = 0x003F_FFFF_FFFF_FC01L;
    private static final long NOT_RESERVED_IN_PPN_AND_MODE = 0xF000_0FFF_FFFF_FFFFL;
    /** Guest physical addresses have 59 bits (Sv57x4). */
    private static final long PAGE_NUMBERS = (1L << 47) - 1;

    private final PhysicalMemory memory;
    @Derived(from = "the last transaction")
    private long at;

    DeviceContext(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** There is none any more. */
    void forget() {
        at = 0;
    }

    /** Levels of the directory. */
    static int levels(long ddtp) {
        return (int) (ddtp & 15) - BARE;
    }

    /** Bits of a device id that the directory with so many levels can tell apart. */
    static int idBits(int levels) {
        return levels == 3 ? 24 : 6 + 9 * (levels - 1);
    }

    private static int index(int deviceId, int level) {
        return level == 0 ? deviceId & 63 : deviceId >>> 6 + 9 * (level - 1) & 511;
    }

    /** Finds the context (iommu 3.3.1); null, or why there is none. */
    FaultCause find(long ddtp, int deviceId) {
        at = 0;
        long table = page(ddtp >>> 10);
        for (int level = levels(ddtp) - 1; level > 0; level--) {
            long entryPa = table + 8L * index(deviceId, level);
            if (!memory.isRam(entryPa, 8)) {
                return FaultCause.DDT_ACCESS_FAULT;
            }
            long entry = memory.u64(entryPa);
            if ((entry & VALID) == 0) {
                return FaultCause.DDT_NOT_VALID;
            }
            if ((entry & ~POINTER_BITS) != 0) {
                return FaultCause.DDT_MISCONFIGURED;
            }
            table = page(entry >>> 10);
        }
        long found = table + (long) ENTRY_BYTES * index(deviceId, 0);
        if (!memory.isRam(found, ENTRY_BYTES)) {
            return FaultCause.DDT_ACCESS_FAULT;
        }
        at = found;
        if ((tc() & VALID) == 0) {
            at = 0;
            return FaultCause.DDT_NOT_VALID;
        }
        return wellFormed() ? null : FaultCause.DDT_MISCONFIGURED;
    }

    /** The address of a 44-bit page number. */
    static long page(long ppn) {
        return (ppn & (1L << 44) - 1) << 12;
    }

    private long word(int index) {
        return memory.u64(at + 8L * index);
    }

    private long tc() {
        return word(0);
    }

    /** Whether faults that DTF covers are to be left out. */
    boolean quiet() {
        return at != 0 && (tc() & DTF) != 0;
    }

    /** fsc is a process directory's pointer. */
    boolean hasDirectory() {
        return (tc() & PDTV) != 0;
    }

    /** Transactions without process id have number 0. */
    boolean defaultsToZero() {
        return (tc() & DPE) != 0;
    }

    /** The walk sets A and D in the second stage. */
    boolean updatesSecond() {
        return (tc() & GADE) != 0;
    }

    boolean updatesFirst() {
        return (tc() & SADE) != 0;
    }

    long iohgatp() {
        return word(1);
    }

    /** iosatp or pdtp. */
    long fsc() {
        return word(3);
    }

    long msiptp() {
        return word(4);
    }

    long msiMask() {
        return word(5);
    }

    long msiPattern() {
        return word(6);
    }

    static int mode(long word) {
        return (int) (word >>> 60);
    }

    /** Bare, Sv39, Sv48 or Sv57, and their x4 forms. */
    static boolean pagingMode(int mode) {
        return mode == 0 || mode >= 8 && mode <= 10;
    }

    /** Nothing between page number and mode. */
    static boolean wellFormedPointer(long word) {
        return (word & ~NOT_RESERVED_IN_PPN_AND_MODE) == 0;
    }

    /** iommu 3.1.4. */
    private boolean wellFormed() {
        long iohgatp = iohgatp();
        long fsc = fsc();
        long msiptp = msiptp();
        boolean bare = mode(iohgatp) == 0;
        return (tc() & ~TC_BITS) == 0 && (hasDirectory() || !defaultsToZero())
                && pagingMode(mode(iohgatp)) && (bare || (iohgatp & 3) == 0)
                && (word(2) & ~PSCID) == 0
                && wellFormedPointer(fsc) && (hasDirectory() ? mode(fsc) <= 3 : pagingMode(mode(fsc)))
                && wellFormedPointer(msiptp) && mode(msiptp) <= 1 && (!bare || mode(msiptp) == 0)
                && (msiMask() & ~PAGE_NUMBERS) == 0 && (msiPattern() & ~PAGE_NUMBERS) == 0 && word(7) == 0;
    }
}
