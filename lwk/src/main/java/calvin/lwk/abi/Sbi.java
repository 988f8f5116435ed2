package calvin.lwk.abi;

/** Extension numbers of the SBI calls that the kernel makes (sbi, chapters 5 to 12). */
public final class Sbi {
    public static final int LEGACY_PUTCHAR = 0x01;
    public static final int LEGACY_GETCHAR = 0x02;
    /** "TIME": set_timer(time). */
    public static final int TIME = 0x54494D45;
    /** "sPI": send_ipi(mask, base). */
    public static final int IPI = 0x735049;
    /** "RFNC": 1 remote_sfence_vma(mask, base, start, size). */
    public static final int RFENCE = 0x52464E43;
    /** "HSM": 0 hart_start(hart, address, opaque). */
    public static final int HSM = 0x48534D;
    /** "SRST": system_reset(type 0 shutdown, reason). */
    public static final int RESET = 0x53525354;
    /** "DBCN": 0 write(bytes, pa low, pa high), 1 read(...). */
    public static final int CONSOLE = 0x4442434E;

    /**
     * Calvin's own, in the space of vendors: function 0 as DBCN's, to where error output goes. Where it is missing,
     * error output goes to the console.
     */
    public static final int ERROR_CONSOLE = 0x09CA_0000;

    private Sbi() {}
}
