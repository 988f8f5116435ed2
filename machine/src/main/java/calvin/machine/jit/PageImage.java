package calvin.machine.jit;

import calvin.machine.isa.Decoder;
import calvin.machine.isa.OpIndex;
import java.util.Arrays;

/**
 * The bytes of a page of code: what regions are made of, and the key under which they are shared. Immutable.
 *
 * <p>Equal means equal bytes, not equal hashes.
 */
final class PageImage {
    static final int BYTES = 4096;
    private final short[] halves;
    private final int hash;

    PageImage(short[] halves) {
        this.halves = halves;
        this.hash = Arrays.hashCode(halves);
    }

    /** The decoded instruction at a byte offset, or {@link OpIndex#UNDECODED} if it does not end on this page. */
    long decode(Decoder decoder, int at) {
        int low = halves[at >>> 1] & 0xFFFF;
        if (Decoder.isCompressed(low)) {
            return decoder.decode(low);
        }
        return at + 2 >= BYTES ? OpIndex.UNDECODED : decoder.decode(low | halves[(at >>> 1) + 1] << 16);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PageImage page && hash == page.hash && Arrays.equals(halves, page.halves);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
