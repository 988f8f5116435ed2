package calvin.machine.hart;

/** Bits of the status, configuration and interrupt registers, by the manual's names (priv 3.1.6, 3.1.9, S, H). */
public final class Status {
    // mstatus, sstatus, vsstatus
    public static final long SIE = 1L << 1;
    public static final long MIE = 1L << 3;
    public static final long SPIE = 1L << 5;
    public static final long MPIE = 1L << 7;
    public static final long SPP = 1L << 8;
    public static final int MPP_SHIFT = 11;
    public static final long MPP = 3L << MPP_SHIFT;
    public static final long FS = 3L << 13;
    public static final long MPRV = 1L << 17;
    public static final long SUM = 1L << 18;
    public static final long MXR = 1L << 19;
    public static final long TVM = 1L << 20;
    public static final long TW = 1L << 21;
    public static final long TSR = 1L << 22;
    public static final long UXL_64 = 2L << 32;
    public static final long SXL_64 = 2L << 34;
    public static final long GVA = 1L << 38;
    public static final long MPV = 1L << 39;
    public static final long SD = 1L << 63;

    // hstatus
    public static final long H_GVA = 1L << 6;
    public static final long H_SPV = 1L << 7;
    public static final long H_SPVP = 1L << 8;
    public static final long H_HU = 1L << 9;
    public static final long H_VTVM = 1L << 20;
    public static final long H_VTW = 1L << 21;
    public static final long H_VTSR = 1L << 22;
    public static final long H_VSXL_64 = 2L << 32;

    // menvcfg, henvcfg, senvcfg
    public static final long ENV_CBIE = 3L << 4;
    public static final long ENV_CBCFE = 1L << 6;
    public static final long ENV_CBZE = 1L << 7;
    /** Of menvcfg alone: S mode may have counters. */
    public static final long ENV_CDE = 1L << 60;
    public static final long ENV_PBMTE = 1L << 62;
    public static final long ENV_ADUE = 1L << 61;
    public static final long ENV_STCE = 1L << 63;

    // mip, mie
    public static final long SSIP = 1L << 1;
    public static final long VSSIP = 1L << 2;
    public static final long MSIP = 1L << 3;
    public static final long STIP = 1L << 5;
    public static final long VSTIP = 1L << 6;
    public static final long MTIP = 1L << 7;
    public static final long SEIP = 1L << 9;
    public static final long VSEIP = 1L << 10;
    public static final long MEIP = 1L << 11;
    public static final long SGEIP = 1L << 12;
    public static final long LCOFIP = 1L << 13;

    /** Interrupts of the S level. */
    static final long S_INTERRUPTS = SSIP | STIP | SEIP | LCOFIP;
    /** Interrupts of the VS level. */
    static final long VS_INTERRUPTS = VSSIP | VSTIP | VSEIP;
    /** What hie and hip show. With H these bits of mideleg read as one. */
    static final long H_INTERRUPTS = VS_INTERRUPTS | SGEIP;
    static final long M_INTERRUPTS = MSIP | MTIP | MEIP;

    private Status() {}
}
