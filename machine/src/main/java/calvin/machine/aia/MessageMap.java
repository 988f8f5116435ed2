package calvin.machine.aia;

/**
 * Where the interrupt files of harts are, for who sends them messages: hart h's at machine level at {@code
 * machineBasePa + h * 4096}, at supervisor level those from {@code supervisorBasePa + (h << guestBits) * 4096} (aia
 * 3.6). Bases are multiples of the size of what lies there.
 *
 * @param hartBits  bits of a hart's number
 * @param guestBits bits of a file's number at supervisor level
 */
public record MessageMap(long machineBasePa, long supervisorBasePa, int hartBits, int guestBits) {
    /** Bits for numbers 0 to {@code count - 1}. */
    public static int bits(int count) {
        return 32 - Integer.numberOfLeadingZeros(count - 1);
    }
}
