package calvin.machine.isa;

import static calvin.machine.isa.Extension.*;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Every control and status register the hart knows: number, extension, writable bits, the register that stands in for
 * it when V=1, and the manual's section. A row may stand for a run of equal registers ({@code pmpaddr0..63}): count,
 * step of the number, index of the first name.
 *
 * <p>Lowest privilege and read-only follow from the number (priv 2.1). {@link #writable} holds the bits that software
 * can change (WARL or WLRL) in a hart with every extension of this table; the hart's configuration may clear more. A
 * write keeps the other bits. A note names a rule that a mask cannot say.
 */
public enum Csr {
    // @formatter:off
    //   name       number ext        writable bits           rows        if V=1      section            note
    // Unprivileged
    FFLAGS       (0x001, F,         0x1F,                               "",         "unpriv F, fcsr"),
    FRM          (0x002, F,         0x7,                                "",         "unpriv F, fcsr"),
    FCSR         (0x003, F,         0xFF,                               "",         "unpriv F, fcsr"),
    CYCLE        (0xC00, ZICNTR,    0,                                  "",         "unpriv Zicntr",
        "copy of mcycle"),
    TIME         (0xC01, ZICNTR,    0,                                  "",         "unpriv Zicntr",
        "copy of mtime, plus htimedelta if V=1"),
    INSTRET      (0xC02, ZICNTR,    0,                                  "",         "unpriv Zicntr",
        "copy of minstret"),
    HPMCOUNTER   (0xC03, ZIHPM,     0,                      29, 1, 3,   "",         "unpriv Zihpm",
        "copies of mhpmcounter3..31"),

    // Supervisor
    SSTATUS      (0x100, S,         0xC_6122,                           "vsstatus", "priv S, sstatus",
        "a view of mstatus; UXL reads 2, SD is derived"),
    SIE          (0x104, S,         0x2222,                             "vsie",     "priv S, sie",
        "a view of mie through mideleg"),
    STVEC        (0x105, S,         ~2L,                                "vstvec",   "priv S, stvec",
        "mode 0 direct, 1 vectored"),
    SCOUNTEREN   (0x106, S,         0xFFFF_FFFFL,                       "",         "priv S, scounteren"),
    SENVCFG      (0x10A, S,         0xF1,                               "",         "priv S, senvcfg",
        "CBIE 2 is reserved"),
    SSTATEEN     (0x10C, SMSTATEEN, Csr.ALL,                4, 1, 0,    "",         "priv Smstateen",
        "limited by mstateen and hstateen"),
    SSCRATCH     (0x140, S,         Csr.ALL,                            "vsscratch","priv S, sscratch"),
    SEPC         (0x141, S,         ~1L,                                "vsepc",    "priv S, sepc"),
    SCAUSE       (0x142, S,         Csr.ALL,                            "vscause",  "priv S, scause"),
    STVAL        (0x143, S,         Csr.ALL,                            "vstval",   "priv S, stval"),
    SIP          (0x144, S,         0x2002,                             "vsip",     "priv S, sip",
        "a view of mip through mideleg"),
    SCOUNTINHIBIT(0x120, SSCCFG,    0xFFFF_FFFDL,                       "",         "priv Ssccfg",
        "mcountinhibit through mcounteren, if menvcfg.CDE=1"),
    STIMECMP     (0x14D, SSTC,      Csr.ALL,                            "vstimecmp","priv Sstc",
        "STIP is time >= stimecmp"),
    SISELECT     (0x150, SSCSRIND,  0xFFF,                              "vsiselect","priv Smcsrind, aia 2.2"),
    SIREG        (0x151, SSCSRIND,  Csr.ALL,                            "vsireg",   "priv Smcsrind, aia 2.2",
        "window on the register siselect names"),
    SIREG2       (0x152, SSCSRIND,  Csr.ALL,                            "vsireg2",  "priv Smcsrind"),
    SIREG3       (0x153, SSCSRIND,  Csr.ALL,                            "vsireg3",  "priv Smcsrind"),
    SIREG4       (0x155, SSCSRIND,  Csr.ALL,                            "vsireg4",  "priv Smcsrind"),
    SIREG5       (0x156, SSCSRIND,  Csr.ALL,                            "vsireg5",  "priv Smcsrind"),
    SIREG6       (0x157, SSCSRIND,  Csr.ALL,                            "vsireg6",  "priv Smcsrind"),
    STOPEI       (0x15C, SSAIA,     Csr.ALL,                            "vstopei",  "aia 3.10",
        "a write claims the top interrupt"),
    SATP         (0x180, S,         Csr.ALL,                            "vsatp",    "priv S, satp",
        "an unsupported mode leaves the register unchanged"),
    SCONTEXT     (0x5A8, SDTRIG,    0xFFFF_FFFFL,                       "",         "debug 5.7"),
    SCOUNTOVF    (0xDA0, SSCOFPMF,  0,                                  "",         "priv Sscofpmf",
        "overflow bits masked by mcounteren, hcounteren"),
    STOPI        (0xDB0, SSAIA,     0,                                  "vstopi",   "aia 2.3"),

    // Hypervisor
    HSTATUS      (0x600, H,         0x73_F3C0,                          "",         "priv H, hstatus",
        "VSXL reads 2, VSBE 0; VGEIN <= GEILEN"),
    HEDELEG      (0x602, H,         0xB1FF,                             "",         "priv H, hedeleg"),
    HIDELEG      (0x603, H,         0x2444,                             "",         "priv H, hideleg"),
    HIE          (0x604, H,         0x1444,                             "",         "priv H, hie",
        "a view of mie"),
    HTIMEDELTA   (0x605, H,         Csr.ALL,                            "",         "priv H, htimedelta"),
    HCOUNTEREN   (0x606, H,         0xFFFF_FFFFL,                       "",         "priv H, hcounteren"),
    HGEIE        (0x607, H,         ~1L,                                "",         "priv H, hgeie",
        "bits GEILEN..1"),
    HVIEN        (0x608, SSAIA,     ~0x1FFFL,                           "",         "aia 6.3.2"),
    HVICTL       (0x609, SSAIA,     0x4FFF_03FFL,                       "",         "aia 6.3.3"),
    HENVCFG      (0x60A, H,         0xE000_0000_0000_00F1L,             "",         "priv H, henvcfg",
        "bits clear in menvcfg read as zero for PBMTE, ADUE, STCE"),
    HSTATEEN     (0x60C, SMSTATEEN, Csr.ALL,                4, 1, 0,    "",         "priv Smstateen",
        "limited by mstateen"),
    HTVAL        (0x643, H,         Csr.ALL,                            "",         "priv H, htval"),
    HIP          (0x644, H,         0x4,                                "",         "priv H, hip",
        "a view of mip; only VSSIP is writable"),
    HVIP         (0x645, H,         0x2444,                             "",         "priv H, hvip"),
    HVIPRIO1     (0x646, SSAIA,     ~0xFF_00FF_00FFL,                   "",         "aia 6.3.4"),
    HVIPRIO2     (0x647, SSAIA,     Csr.ALL,                            "",         "aia 6.3.4"),
    HTINST       (0x64A, H,         Csr.ALL,                            "",         "priv H, htinst"),
    HGATP        (0x680, H,         ~0x0C00_0000_0000_0003L,            "",         "priv H, hgatp",
        "an unsupported mode leaves the mode unchanged; traps if TVM=1"),
    HCONTEXT     (0x6A8, SDTRIG,    0x3FFF,                             "",         "debug 5.7"),
    HGEIP        (0xE12, H,         0,                                  "",         "priv H, hgeip"),

    // Virtual supervisor
    VSSTATUS     (0x200, H,         0xC_6122,                           "",         "priv H, vsstatus",
        "UXL reads 2, SD is derived"),
    VSIE         (0x204, H,         0x2222,                             "",         "priv H, vsie",
        "a view of hie shifted right by 1 through hideleg"),
    VSTVEC       (0x205, H,         ~2L,                                "",         "priv H, vstvec"),
    VSSCRATCH    (0x240, H,         Csr.ALL,                            "",         "priv H, vsscratch"),
    VSEPC        (0x241, H,         ~1L,                                "",         "priv H, vsepc"),
    VSCAUSE      (0x242, H,         Csr.ALL,                            "",         "priv H, vscause"),
    VSTVAL       (0x243, H,         Csr.ALL,                            "",         "priv H, vstval"),
    VSIP         (0x244, H,         0x2002,                             "",         "priv H, vsip",
        "a view of hip shifted right by 1 through hideleg"),
    VSTIMECMP    (0x24D, SSTC,      Csr.ALL,                            "",         "priv Sstc",
        "VSTIP is time + htimedelta >= vstimecmp"),
    VSISELECT    (0x250, SSCSRIND,  0xFFF,                              "",         "priv Smcsrind, aia 2.3"),
    VSIREG       (0x251, SSCSRIND,  Csr.ALL,                            "",         "priv Smcsrind, aia 2.3"),
    VSIREG2      (0x252, SSCSRIND,  Csr.ALL,                            "",         "priv Smcsrind"),
    VSIREG3      (0x253, SSCSRIND,  Csr.ALL,                            "",         "priv Smcsrind"),
    VSIREG4      (0x255, SSCSRIND,  Csr.ALL,                            "",         "priv Smcsrind"),
    VSIREG5      (0x256, SSCSRIND,  Csr.ALL,                            "",         "priv Smcsrind"),
    VSIREG6      (0x257, SSCSRIND,  Csr.ALL,                            "",         "priv Smcsrind"),
    VSTOPEI      (0x25C, SSAIA,     Csr.ALL,                            "",         "aia 6.3.1"),
    VSATP        (0x280, H,         Csr.ALL,                            "",         "priv H, vsatp",
        "an unsupported mode is WARL; ignored only if V=1"),
    VSTOPI       (0xEB0, SSAIA,     0,                                  "",         "aia 6.3.1"),

    // Machine
    MVENDORID    (0xF11, MACHINE,   0,                                  "",         "priv 3.1.2"),
    MARCHID      (0xF12, MACHINE,   0,                                  "",         "priv 3.1.3"),
    MIMPID       (0xF13, MACHINE,   0,                                  "",         "priv 3.1.4"),
    MHARTID      (0xF14, MACHINE,   0,                                  "",         "priv 3.1.5"),
    MCONFIGPTR   (0xF15, MACHINE,   0,                                  "",         "priv 3.1.17"),
    MSTATUS      (0x300, MACHINE,   0xC0_007E_79AAL,                    "",         "priv 3.1.6",
        "MPP 2 is reserved; UXL, SXL read 2; SD is derived"),
    MISA         (0x301, MACHINE,   0,                                  "",         "priv 3.1.1",
        "ours: fixed, writes are ignored"),
    MEDELEG      (0x302, S,         0xF0_B7FF,                          "",         "priv 3.1.8"),
    MIDELEG      (0x303, S,         0x2222,                             "",         "priv 3.1.8",
        "with H bits 2, 6, 10, 12 read as one"),
    MIE          (0x304, MACHINE,   0x3EEE,                             "",         "priv 3.1.9"),
    MTVEC        (0x305, MACHINE,   ~2L,                                "",         "priv 3.1.7",
        "mode 0 direct, 1 vectored"),
    MCOUNTEREN   (0x306, U,         0xFFFF_FFFFL,                       "",         "priv 3.1.11"),
    MVIEN        (0x308, SMAIA,     ~0x1DFDL,                           "",         "aia 5.3"),
    MVIP         (0x309, SMAIA,     Csr.ALL,                            "",         "aia 5.3"),
    MENVCFG      (0x30A, U,         0xF000_0000_0000_00F1L,             "",         "priv 3.1.18",
        "CBIE 2 is reserved"),
    MSTATEEN     (0x30C, SMSTATEEN, Csr.ALL,                4, 1, 0,    "",         "priv Smstateen"),
    MCOUNTINHIBIT(0x320, MACHINE,   0xFFFF_FFFDL,                       "",         "priv 3.1.12"),
    MCYCLECFG    (0x321, SMCNTRPMF, 0x7C00_0000_0000_0000L,             "",         "priv Smcntrpmf"),
    MINSTRETCFG  (0x322, SMCNTRPMF, 0x7C00_0000_0000_0000L,             "",         "priv Smcntrpmf"),
    MHPMEVENT    (0x323, MACHINE,   0xFC00_0000_0000_000FL, 29, 1, 3,   "",         "priv 3.1.10, Sscofpmf",
        "ours: zero means no event"),
    MSCRATCH     (0x340, MACHINE,   Csr.ALL,                            "",         "priv 3.1.13"),
    MEPC         (0x341, MACHINE,   ~1L,                                "",         "priv 3.1.14"),
    MCAUSE       (0x342, MACHINE,   Csr.ALL,                            "",         "priv 3.1.15"),
    MTVAL        (0x343, MACHINE,   Csr.ALL,                            "",         "priv 3.1.16"),
    MIP          (0x344, MACHINE,   0x2226,                             "",         "priv 3.1.9",
        "STIP is read-only while menvcfg.STCE=1; SEIP also ORs the controller"),
    MTINST       (0x34A, H,         Csr.ALL,                            "",         "priv H, mtinst"),
    MTVAL2       (0x34B, H,         Csr.ALL,                            "",         "priv H, mtval2"),
    MISELECT     (0x350, SMCSRIND,  0xFFF,                              "",         "priv Smcsrind, aia 2.1"),
    MIREG        (0x351, SMCSRIND,  Csr.ALL,                            "",         "priv Smcsrind, aia 2.1"),
    MIREG2       (0x352, SMCSRIND,  Csr.ALL,                            "",         "priv Smcsrind"),
    MIREG3       (0x353, SMCSRIND,  Csr.ALL,                            "",         "priv Smcsrind"),
    MIREG4       (0x355, SMCSRIND,  Csr.ALL,                            "",         "priv Smcsrind"),
    MIREG5       (0x356, SMCSRIND,  Csr.ALL,                            "",         "priv Smcsrind"),
    MIREG6       (0x357, SMCSRIND,  Csr.ALL,                            "",         "priv Smcsrind"),
    MTOPEI       (0x35C, SMAIA,     Csr.ALL,                            "",         "aia 3.10"),
    PMPCFG       (0x3A0, SMPMP,     0x9F9F_9F9F_9F9F_9F9FL, 8, 2, 0,    "",         "priv 3.7.1",
        "a locked byte is not written; R=0 W=1 is reserved"),
    PMPADDR      (0x3B0, SMPMP,     0x003F_FFFF_FFFF_FFFFL, 64, 1, 0,   "",         "priv 3.7.1",
        "a locked entry, and the one below a locked TOR, is not written"),
    MSECCFG      (0x747, MACHINE,   0,                                  "",         "priv 3.1.19",
        "ours: Smepmp, Zkr absent, so zero"),
    TSELECT      (0x7A0, SDTRIG,    Csr.ALL,                            "",         "debug 5.7"),
    TDATA        (0x7A1, SDTRIG,    Csr.ALL,                3, 1, 1,    "",         "debug 5.7"),
    TINFO        (0x7A4, SDTRIG,    0,                                  "",         "debug 5.7"),
    TCONTROL     (0x7A5, SDTRIG,    0,                                  "",         "debug 5.7",
        "ours: mstatus.MIE stands for MTE"),
    MCONTEXT     (0x7A8, SDTRIG,    0x3FFF,                             "",         "debug 5.7"),
    MCYCLE       (0xB00, MACHINE,   Csr.ALL,                            "",         "priv 3.1.10"),
    MINSTRET     (0xB02, MACHINE,   Csr.ALL,                            "",         "priv 3.1.10"),
    MHPMCOUNTER  (0xB03, MACHINE,   Csr.ALL,                29, 1, 3,   "",         "priv 3.1.10"),
    MTOPI        (0xFB0, SMAIA,     0,                                  "",         "aia 2.3");
    // @formatter:on

    /** hstatus.VGEIN: which guest external interrupt is the current virtual hart's (priv H). */
    public static final long HSTATUS_VGEIN = 0x3_F000L;
    /** Every bit may be written. */
    static final long ALL = -1L;

    /** Number of the first register of the row, 12 bits. */
    public final int number;
    public final Extension extension;
    /** Bits that a write may change. */
    public final long writable;
    /** How many registers the row stands for. */
    public final int count;
    /** Difference of the numbers of two neighbours in the row. */
    public final int stride;
    /** Index in the name of the first register of the row. */
    public final int firstIndex;
    /** The manual's section. */
    public final String section;
    /** A rule that the mask cannot say, or "". */
    public final String note;
    private final String aliasName;

    private static final Csr[] BY_NUMBER = new Csr[4096];
    private static final Map<String, Integer> NUMBERS = new HashMap<>();
    static {
        for (Csr csr : values()) {
            for (int i = 0; i < csr.count; i++) {
                int number = csr.number + i * csr.stride;
                if (BY_NUMBER[number] != null) {
                    throw new IllegalStateException(csr + " and " + BY_NUMBER[number] + " share a number");
                }
                BY_NUMBER[number] = csr;
                NUMBERS.put(nameOf(number), number);
            }
        }
    }

    Csr(int number, Extension extension, long writable, String alias, String section) {
        this(number, extension, writable, 1, 1, 0, alias, section, "");
    }

    Csr(int number, Extension extension, long writable, String alias, String section, String note) {
        this(number, extension, writable, 1, 1, 0, alias, section, note);
    }

    Csr(int number, Extension extension, long writable, int count, int stride, int firstIndex, String alias,
            String section) {
        this(number, extension, writable, count, stride, firstIndex, alias, section, "");
    }

    Csr(int number, Extension extension, long writable, int count, int stride, int firstIndex, String alias,
            String section, String note) {
        this.number = number;
        this.extension = extension;
        this.writable = writable;
        this.count = count;
        this.stride = stride;
        this.firstIndex = firstIndex;
        this.aliasName = alias;
        this.section = section;
        this.note = note;
    }

    /** The row that a 12-bit CSR number belongs to, or null. */
    public static Csr of(int number) {
        return BY_NUMBER[number & 0xFFF];
    }

    /** Lowest privilege that may access a CSR number: 0 user, 1 supervisor, 2 hypervisor (HS), 3 machine (priv 2.1). */
    public static int lowestPrivilege(int number) {
        return number >>> 8 & 3;
    }

    /** True if any write to this CSR number is illegal (priv 2.1). */
    public static boolean readOnly(int number) {
        return (number >>> 10 & 3) == 3;
    }

    /** The register that a supervisor access reaches when V=1 (priv H, "Virtual Supervisor CSRs"), or this register. */
    public Csr underV() {
        return aliasName.isEmpty() ? this : valueOf(aliasName.toUpperCase(Locale.ROOT));
    }

    /** Position in the row, from 0: {@code PMPADDR.position(0x3B5) == 5}. */
    public int position(int csrNumber) {
        return (csrNumber - number) / stride;
    }

    /** The manual's name of a CSR number, or {@code csr0x123} for a number that is not in the table. */
    public static String nameOf(int number) {
        Csr csr = of(number);
        if (csr == null) {
            return String.format(Locale.ROOT, "csr0x%03x", number & 0xFFF);
        }
        String name = csr.name().toLowerCase(Locale.ROOT);
        return csr.count == 1 ? name : name + (csr.firstIndex + csr.position(number) * csr.stride);
    }

    /** The number of a CSR given as the manual's name, {@code csr0x123} or a plain number; -1 if it is none. */
    public static int numberOf(String name) {
        Integer known = NUMBERS.get(name);
        if (known != null) {
            return known;
        }
        try {
            int number = Integer.decode(name.startsWith("csr") ? name.substring(3) : name);
            return number >= 0 && number < 4096 ? number : -1;
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }
}
