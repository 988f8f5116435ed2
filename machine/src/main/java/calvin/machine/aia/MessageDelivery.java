package calvin.machine.aia;

import calvin.machine.bus.Dma;

/**
 * By messages.
 *
 * @param map where they go until software says otherwise
 */
record MessageDelivery(MessageMap map, Dma dma) implements Delivery {
    private static final int IDENTITY = 0x7FF;

    /**
     * Sends what {@code target} says: hart index in bits 31:18, identity in bits 10:0 (aia 4.9.1).
     *
     * @param widths  mmsiaddrcfgh, for the widths of group and hart in the index and the shift of the group
     * @param low     low base PPN of the level's files
     * @param high    mmsiaddrcfgh or smsiaddrcfgh: the level's shift of the hart and high base PPN
     * @param guest   number of the file at the hart
     */
    void send(long target, long widths, long low, long high, long guest) {
        int hart = (int) (target >>> 18);
        int hartBits = (int) (widths >>> 12) & 15;
        long group = (long) (hart >>> hartBits) & (1L << (widths >>> 16 & 7)) - 1;
        long inGroup = hart & (1L << hartBits) - 1;
        long page = low | (high & 0xFFF) << 32 | group << (widths >>> 24 & 31) + 12 | inGroup << (high >>> 20 & 7)
                | guest;
        dma.message(page << 12, (int) target & IDENTITY);
    }
}
