package calvin.machine.hart;

import calvin.machine.isa.Extension;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The extensions every hart of these boards has: what is decoded, which CSRs exist, and what the device tree says. */
public final class HartIsa {
    // @formatter:off
    public static final Set<Extension> EXTENSIONS = Collections.unmodifiableSet(EnumSet.of(
            Extension.I, Extension.M, Extension.A, Extension.F, Extension.D, Extension.C,
            Extension.H, Extension.S, Extension.U, Extension.MACHINE, Extension.SMPMP, Extension.SSTC,
            Extension.SSCOFPMF, Extension.SMCNTRPMF, Extension.SMCDELEG, Extension.SSCCFG,
            Extension.SDTRIG, Extension.SMSTATEEN, Extension.SSSTATEEN, Extension.SMCSRIND, Extension.SSCSRIND,
            Extension.SVINVAL, Extension.SVNAPOT, Extension.SVPBMT,
            Extension.ZICSR, Extension.ZIFENCEI, Extension.ZICNTR, Extension.ZIHPM, Extension.ZIHINTPAUSE,
            Extension.ZICBOM, Extension.ZICBOZ, Extension.ZICBOP,
            Extension.ZICOND, Extension.ZAWRS, Extension.ZBA, Extension.ZBB, Extension.ZBC, Extension.ZBS,
            Extension.ZFHMIN, Extension.ZFA, Extension.ZACAS, Extension.ZCB, Extension.ZCMOP, Extension.ZIMOP,
            // Blocks and page tables are plain RAM, misaligned accesses work, a reservation is 8 bytes, and every
            // instruction takes one cycle whatever its operands.
            Extension.ZIC64B, Extension.ZA64RS, Extension.ZICCAMOA, Extension.ZICCIF, Extension.ZICCLSM,
            Extension.ZICCRSE, Extension.ZKT,
            // A and D are set by the walk unless software clears ADUE: Svadu. Xtval is always written, xtvec holds any
            // address, each counter has its enable, and vsatp and hgatp have the modes that satp has.
            Extension.SSCCPTR, Extension.SSCOUNTERENW, Extension.SSTVALA, Extension.SSTVECD, Extension.SVADU,
            Extension.SVBARE, Extension.SHCOUNTERENW, Extension.SHGATPA, Extension.SHTVALA, Extension.SHVSATPA,
            Extension.SHVSTVALA, Extension.SHVSTVECD));
    // @formatter:on

    /** What harts with an IMSIC have besides: the CSRs of the Advanced Interrupt Architecture. */
    public static final Set<Extension> AIA = Collections.unmodifiableSet(EnumSet.of(Extension.SMAIA, Extension.SSAIA));

    private HartIsa() {}

    /** Bits of misa's extension field. */
    static long misaBits() {
        long bits = 0;
        for (Extension extension : EXTENSIONS) {
            if (extension.misaBit >= 0) {
                bits |= 1L << extension.misaBit;
            }
        }
        return bits;
    }

    /** The names for riscv,isa-extensions in the device tree, in the table's order. */
    public static String names() {
        return names(false, HartModel.DEFAULT);
    }

    /** @param aia the hart has an IMSIC */
    public static String names(boolean aia, HartModel model) {
        return all(aia, model).filter(extension -> !isPrivilegeLevel(extension) && extension != Extension.SMPMP)
                .map(Extension::isaName).collect(Collectors.joining(" "));
    }

    /** The string for riscv,isa: single letters in canonical order, then the others. */
    public static String string() {
        return string(false, HartModel.DEFAULT);
    }

    /** @param aia the hart has an IMSIC */
    public static String string(boolean aia, HartModel model) {
        return all(aia, model).filter(extension -> extension.isaName().length() > 1)
                .filter(extension -> !isPrivilegeLevel(extension) && extension != Extension.SMPMP)
                .map(Extension::isaName).collect(Collectors.joining("_", "rv64imafdch_", ""));
    }

    private static Stream<Extension> all(boolean aia, HartModel model) {
        return Arrays.stream(Extension.values()).filter(e -> aia && AIA.contains(e) || has(e, model));
    }

    private static boolean has(Extension extension, HartModel model) {
        return switch (extension) {
            // Both names together mean: as Svade until software sets menvcfg.ADUE.
            case SVADE -> !model.updatesAtReset();
            case SDTRIG -> model.triggers() > 0;
            case SSCOFPMF -> model.hpmCounters() > 0;
            default -> EXTENSIONS.contains(extension);
        };
    }

    /** Rows of the table that stand for a mode, which no ISA string names. */
    private static boolean isPrivilegeLevel(Extension extension) {
        return extension == Extension.MACHINE || extension == Extension.S || extension == Extension.U;
    }
}
