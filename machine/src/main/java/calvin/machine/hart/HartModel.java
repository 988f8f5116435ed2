package calvin.machine.hart;

import calvin.machine.mmu.Pmp;
import java.util.ArrayList;
import java.util.List;

/**
 * What the manuals leave to the implementation, as settings of a hart. All harts of a machine have one model. What is
 * the same in all: misaligned loads and stores of RAM work, atomics must be aligned, the granularity of physical memory
 * protection is 4 bytes, faults write their address to xtval.
 *
 * @param pmpEntries         entries of physical memory protection: 0, 16 or 64 (priv 3.7.1)
 * @param pmpOpenAtReset     entry 0 lets S and U mode reach everything at reset; otherwise all entries are off, and
 *                           firmware must open memory
 * @param hpmCounters        how many of mhpmcounter3..31 there are, 0 to 29; the others read zero (priv 3.1.10)
 * @param triggers           debug triggers, 0 to 16 (debug 5)
 * @param asidBits           bits of satp.ASID and vsatp.ASID that are there, 0 to 16 (priv S, satp)
 * @param vmidBits           bits of hgatp.VMID that are there, 0 to 14 (priv H, hgatp)
 * @param pageLevels         3 for Sv39, 4 for Sv48 too, 5 for Sv57 too; guest stages likewise
 * @param updatesAtReset     menvcfg.ADUE and henvcfg.ADUE at reset: walks set A and D (Svadu) until software clears
 *                           it; otherwise a missing A or D faults (Svade) until software sets it
 * @param instructionInXtval an illegal or virtual instruction trap writes the instruction's bits to xtval; otherwise
 *                           zero (priv 3.1.16)
 * @param stateOpenAtReset   mstateen and hstateen permit all at reset, for firmware that does not know them; otherwise
 *                           they are zero, as the manual says (priv Smstateen)
 * @param guestFiles         guest interrupt files, on boards with IMSICs: GEILEN, 0 to 63 (priv H, hgeip; aia 3)
 * @param wrsTimeoutCycles   how long WRS.STO stalls at most (unpriv Zawrs)
 * @param vendorId           mvendorid
 * @param architectureId     marchid
 * @param implementationId   mimpid
 */
public record HartModel(int pmpEntries, boolean pmpOpenAtReset, int hpmCounters, int triggers, int asidBits,
        int vmidBits, int pageLevels, boolean updatesAtReset, boolean instructionInXtval,
        boolean stateOpenAtReset, int guestFiles, int wrsTimeoutCycles, long vendorId, long architectureId,
        long implementationId) {
    public static final int MAX_PMP_ENTRIES = Pmp.MAX_ENTRIES;
    public static final int MAX_HPM_COUNTERS = 29;
    public static final int MAX_TRIGGERS = 16;
    public static final int MAX_GUEST_FILES = 63;
    public static final int MAX_WRS_TIMEOUT_CYCLES = 1_000_000_000;
    /** What boards have unless they say otherwise. */
    public static final HartModel DEFAULT = new HartModel(Pmp.DEFAULT_ENTRIES, true, 16, 4, 16, 14, 5, true, true,
            false, 7, 1000, 0, 0, 0);

    public HartModel withPmp(int entries, boolean openAtReset) {
        return new HartModel(entries, openAtReset, hpmCounters, triggers, asidBits, vmidBits, pageLevels,
                updatesAtReset, instructionInXtval, stateOpenAtReset, guestFiles, wrsTimeoutCycles, vendorId,
                architectureId, implementationId);
    }

    public HartModel withTranslation(int asids, int vmids, int levels, boolean updates) {
        return new HartModel(pmpEntries, pmpOpenAtReset, hpmCounters, triggers, asids, vmids, levels, updates,
                instructionInXtval, stateOpenAtReset, guestFiles, wrsTimeoutCycles, vendorId, architectureId,
                implementationId);
    }

    public HartModel withInstructionInXtval(boolean value) {
        return new HartModel(pmpEntries, pmpOpenAtReset, hpmCounters, triggers, asidBits, vmidBits, pageLevels,
                updatesAtReset, value, stateOpenAtReset, guestFiles, wrsTimeoutCycles, vendorId, architectureId,
                implementationId);
    }

    public HartModel withUnits(int counters, int debugTriggers) {
        return new HartModel(pmpEntries, pmpOpenAtReset, counters, debugTriggers, asidBits, vmidBits, pageLevels,
                updatesAtReset, instructionInXtval, stateOpenAtReset, guestFiles, wrsTimeoutCycles, vendorId,
                architectureId, implementationId);
    }

    public HartModel withStateOpenAtReset(boolean open) {
        return new HartModel(pmpEntries, pmpOpenAtReset, hpmCounters, triggers, asidBits, vmidBits, pageLevels,
                updatesAtReset, instructionInXtval, open, guestFiles, wrsTimeoutCycles, vendorId,
                architectureId, implementationId);
    }

    public HartModel withGuestFiles(int value) {
        return new HartModel(pmpEntries, pmpOpenAtReset, hpmCounters, triggers, asidBits, vmidBits, pageLevels,
                updatesAtReset, instructionInXtval, stateOpenAtReset, value, wrsTimeoutCycles, vendorId,
                architectureId, implementationId);
    }

    public HartModel withIds(long vendor, long architecture, long implementation) {
        return new HartModel(pmpEntries, pmpOpenAtReset, hpmCounters, triggers, asidBits, vmidBits, pageLevels,
                updatesAtReset, instructionInXtval, stateOpenAtReset, guestFiles, wrsTimeoutCycles, vendor,
                architecture, implementation);
    }

    /** Everything that is wrong with these settings; empty when such a hart can be built. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (pmpEntries != 0 && pmpEntries != 16 && pmpEntries != 64) {
            problems.add("pmp entries is " + pmpEntries + "; it must be 0, 16 or 64");
        }
        range(problems, "hpm counters", hpmCounters, 0, MAX_HPM_COUNTERS);
        range(problems, "triggers", triggers, 0, MAX_TRIGGERS);
        range(problems, "asid bits", asidBits, 0, 16);
        range(problems, "vmid bits", vmidBits, 0, 14);
        range(problems, "page levels", pageLevels, 3, 5);
        range(problems, "guest files", guestFiles, 0, MAX_GUEST_FILES);
        range(problems, "wrs timeout cycles", wrsTimeoutCycles, 1, MAX_WRS_TIMEOUT_CYCLES);
        if (vendorId >>> 32 != 0) {
            problems.add("vendor id is " + Long.toHexString(vendorId) + "; it has 32 bits");
        }
        return problems;
    }

    private static void range(List<String> problems, String name, int value, int least, int most) {
        if (value < least || value > most) {
            problems.add(name + " is " + value + "; it must be " + least + " to " + most);
        }
    }

    /** The counters that are there, as bits of mcounteren and mcountinhibit without time's. */
    long counterBits() {
        return 5 | hpmBits();
    }

    /** Those of {@link #counterBits} that count events. */
    long hpmBits() {
        return (1L << hpmCounters) - 1 << 3;
    }

    private static final long MODE = 15L << 60;

    /** The bits that satp and vsatp have. */
    long atpBits() {
        return MODE | (1L << asidBits) - 1 << 44 | (1L << 44) - 1;
    }

    /** The bits that hgatp has: its table begins at a multiple of 16 KiB. */
    long hgatpBits() {
        return MODE | (1L << vmidBits) - 1 << 44 | (1L << 44) - 4;
    }

    /** Whether satp, vsatp and hgatp may have this mode. */
    boolean translates(int mode) {
        return mode == 0 || mode >= 8 && mode < 6 + pageLevels;
    }
}
