package calvin.machine.isa;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Finds the row of an encoding. Immutable; built once for a set of extensions; instructions of other extensions are
 * illegal.
 *
 * <p>A 32-bit word selects one of 32,768 buckets by opcode, funct3 and funct7, a 16-bit one of 256 by quadrant and its
 * top six bits. A bucket holds the rows that can match there, those with more fixed bits first; nearly all hold one or
 * none. About 70 KB; decoding a word takes some tens of nanoseconds and allocates nothing.
 */
public final class Decoder {
    private static final Op[] NONE = {};
    private final Op[][] wide = new Op[1 << 15][];
    private final Op[][] narrow = new Op[1 << 8][];

    /** A decoder for the instructions of these extensions. */
    public Decoder(Set<Extension> extensions) {
        Arrays.fill(wide, NONE);
        Arrays.fill(narrow, NONE);
        List<Op> ops = new ArrayList<>(List.of(Op.values()));
        ops.removeIf(op -> !extensions.contains(op.extension) || !extensions.contains(op.expansion.extension));
        ops.sort(Comparator.comparingInt(op -> -Integer.bitCount(op.mask)));
        for (Op op : ops) {
            if (op.compressed()) {
                enter(narrow, op, narrowKey(op.mask), narrowKey(op.match));
            } else {
                enter(wide, op, wideKey(op.mask), wideKey(op.match));
            }
        }
    }

    /** Adds {@code op} to each bucket whose key agrees with {@code match} in the bits of {@code mask}. */
    private static void enter(Op[][] buckets, Op op, int mask, int match) {
        int free = buckets.length - 1 & ~mask;
        int bits = 0;
        do { // all subsets of the free bits
            int key = match | bits;
            Op[] grown = Arrays.copyOf(buckets[key], buckets[key].length + 1);
            grown[grown.length - 1] = op;
            buckets[key] = grown;
            bits = bits - free & free;
        } while (bits != 0);
    }

    private static int wideKey(int word) {
        return word >>> 25 << 8 | (word >>> 12 & 7) << 5 | word >>> 2 & 31;
    }

    private static int narrowKey(int word) {
        return (word >>> 10 & 63) << 2 | word & 3;
    }

    /** True if the first halfword of an instruction says that it is 16 bits long (unpriv 1.5). */
    public static boolean isCompressed(int halfword) {
        return (halfword & 3) != 3;
    }

    /** The row of an encoding, or null if it is illegal. The upper half of a compressed word is ignored. */
    public Op find(int word) {
        Op[] bucket;
        int bits = word;
        if ((word & 3) == 3) {
            bucket = wide[wideKey(word)];
        } else {
            bits = word & 0xFFFF;
            bucket = narrow[narrowKey(bits)];
        }
        for (int i = 0; i < bucket.length; i++) {
            if (bucket[i].matches(bits)) {
                return bucket[i];
            }
        }
        return null;
    }

    /** The decoded instruction; an {@link OpIndex#ILLEGAL} slot with the instruction's bits if there is none. */
    public long decode(int word) {
        Op op = find(word);
        if (op != null) {
            return op.slot(op.compressed() ? word & 0xFFFF : word);
        }
        boolean compressed = isCompressed(word);
        return Slot.of(OpIndex.ILLEGAL, compressed ? 1 : 2, Slot.SINK, 0, 0, compressed ? word & 0xFFFF : word);
    }
}
