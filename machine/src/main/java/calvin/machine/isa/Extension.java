package calvin.machine.isa;

import java.util.Locale;

/**
 * Names of the ISA extensions that rows of the instruction and CSR tables belong to, and of those that only promise how
 * something behaves. A row is gated by its extension; the hart's configuration decides which are present. {@link
 * #misaBit} is the bit of {@code misa}, or -1 for an extension without a letter.
 */
public enum Extension {
    I('I'), M('M'), A('A'), F('F'), D('D'), C('C'), H('H'), S('S'), U('U'), V('V'),
    ZICSR, ZIFENCEI, ZICNTR, ZIHPM, ZIHINTPAUSE, ZICOND, ZAWRS, ZICBOM, ZICBOZ, ZICBOP, ZBA, ZBB, ZBC, ZBS,
    ZFHMIN, ZFA, ZACAS, ZCB, ZCMOP, ZIMOP,
    /** Without rows: properties of memory, reservations, cache blocks and timing (unpriv; RVA22 profile, 4). */
    ZIC64B, ZA64RS, ZICCAMOA, ZICCIF, ZICCLSM, ZICCRSE, ZKT,
    /** Machine mode: what every hart has, beyond the unprivileged base. */
    MACHINE, SMPMP, SMSTATEEN, SSSTATEEN, SMCSRIND, SSCSRIND, SSTC, SSCOFPMF, SMCNTRPMF, SMCDELEG, SSCCFG, SMAIA, SSAIA,
    SVINVAL, SVNAPOT, SVPBMT, SDTRIG,
    /** Without rows: properties of CSRs, traps and page tables (priv; RVA22 profile, 4; RVA23 profile, Sha). */
    SSCCPTR, SSCOUNTERENW, SSTVALA, SSTVECD, SVADE, SVADU, SVBARE,
    SHCOUNTERENW, SHGATPA, SHTVALA, SHVSATPA, SHVSTVALA, SHVSTVECD;

    /** Bit of {@code misa}, or -1. */
    public final int misaBit;

    Extension(char letter) {
        misaBit = letter - 'A';
    }

    Extension() {
        misaBit = -1;
    }

    /** The manual's spelling in lower case, as ISA strings and the device tree use it: {@code "m"}, {@code "zba"}. */
    public String isaName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
