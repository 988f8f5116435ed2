package calvin.machine.isa;

import java.util.Locale;

/**
 * Names of the ISA extensions that rows of the instruction and CSR tables belong to. A row is gated by its extension;
 * the hart's configuration decides which are present. {@link #misaBit} is the bit of {@code misa}, or -1 for an
 * extension without a letter.
 */
public enum Extension {
    I('I'), M('M'), A('A'), F('F'), D('D'), C('C'), H('H'), S('S'), U('U'), V('V'),
    ZICSR, ZIFENCEI, ZICNTR, ZIHPM, ZIHINTPAUSE, ZICOND, ZAWRS, ZICBOM, ZICBOZ, ZICBOP, ZBA, ZBB, ZBC, ZBS, ZFHMIN, ZFA, ZACAS,
    /** Machine mode: what every hart has, beyond the unprivileged base. */
    MACHINE, SMPMP, SMSTATEEN, SSTC, SSCOFPMF, SSAIA, SVINVAL, SVNAPOT, SVPBMT, SDTRIG;

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
