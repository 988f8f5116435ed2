package calvin.machine.isa;

import java.util.ArrayList;
import java.util.List;

/**
 * A parsed encoding pattern of {@link Op}: the fixed bits, the named fields and the values that are reserved.
 *
 * @param width bits of the encoding, 32 or 16
 * @param mask fixed bits
 * @param match their values
 * @param ignored bits that decoding ignores and encoding leaves zero
 * @param fields named fields from the most significant down, the immediate's pieces apart
 * @param immediate the immediate, or null
 */
record Pattern(int width, int mask, int match, int ignored, List<Field> fields, Immediate immediate) {

    /**
     * A field of {@code length} bits from bit {@code low}; {@code offset} is added, values in the set are banned.
     */
    record Field(String name, int low, int length, int offset, long reservedSet) {
        int value(int word) {
            return (word >>> low & (1 << length) - 1) + offset;
        }

        int insert(int value) {
            return (value - offset & (1 << length) - 1) << low;
        }

        boolean fits(int value) {
            return value >= offset && value - offset < 1 << length && !reserved(value);
        }

        boolean reserved(int value) {
            return reservedSet != 0 && (reservedSet >>> value & 1) != 0;
        }
    }

    /** {@code length} bits of the immediate from bit {@code target}, found at bit {@code low} of the word. */
    record Piece(int low, int length, int target) {}

    /**
     * An immediate: its pieces, its highest and lowest bit, whether the highest is a sign, whether zero is reserved.
     */
    record Immediate(String name, List<Piece> pieces, int high, int low, boolean signed, boolean nonZero) {
        int value(int word) {
            int value = 0;
            for (int i = 0; i < pieces.size(); i++) {
                Piece piece = pieces.get(i);
                value |= (word >>> piece.low & (1 << piece.length) - 1) << piece.target;
            }
            return signed ? value << 31 - high >> 31 - high : value;
        }

        int insert(int value) {
            int word = 0;
            for (Piece piece : pieces) {
                word |= (value >>> piece.target & (1 << piece.length) - 1) << piece.low;
            }
            return word;
        }

        boolean fits(int value) {
            return value(insert(value)) == value && !(nonZero && value == 0);
        }
    }

    static Pattern parse(String text, int width) {
        int low = width;
        int mask = 0;
        int match = 0;
        int ignored = 0;
        List<Field> fields = new ArrayList<>();
        List<Piece> pieces = new ArrayList<>();
        String immediate = null;
        for (String token : text.trim().split(" +")) {
            if (token.indexOf('[') > 0) {
                immediate = token.substring(0, token.indexOf('['));
                low = parsePieces(token.substring(token.indexOf('[') + 1, token.length() - 1), low, pieces);
            } else if (token.charAt(0) == '-') {
                low -= token.length();
                ignored |= (int) ((1L << token.length()) - 1) << low;
            } else if (token.charAt(0) == '0' || token.charAt(0) == '1') {
                low -= token.length();
                mask |= (int) ((1L << token.length()) - 1) << low;
                match |= Integer.parseInt(token, 2) << low;
            } else {
                Field field = parseField(token, low);
                low = field.low;
                fields.add(field);
            }
        }
        if (low != 0) {
            throw new IllegalArgumentException("pattern is " + low + " bits short of " + width + ": " + text);
        }
        return new Pattern(width, mask, match, ignored, List.copyOf(fields), immediate(immediate, pieces));
    }

    private static int parsePieces(String list, int low, List<Piece> pieces) {
        int at = low;
        for (String range : list.split("\\|")) {
            String[] ends = range.split(":");
            int high = Integer.parseInt(ends[0]);
            int target = Integer.parseInt(ends[ends.length - 1]);
            at -= high - target + 1;
            pieces.add(new Piece(at, high - target + 1, target));
        }
        return at;
    }

    private static Field parseField(String token, int end) {
        String[] parts = token.split("!=");
        long reserved = 0;
        for (String value : parts.length > 1 ? parts[1].split(",") : new String[0]) {
            reserved |= value.equals("odd") ? 0xAAAA_AAAAL : 1L << Integer.parseInt(value);
        }
        int length = switch (parts[0]) {
            case "rd", "rs1", "rs2", "rs3", "zimm" -> 5;
            case "rd'", "rs1'", "rs2'", "rm" -> 3;
            case "fm", "pred", "succ" -> 4;
            case "aq", "rl" -> 1;
            case "csr" -> 12;
            default -> throw new IllegalArgumentException("no such field: " + token);
        };
        if (parts[0].equals("rm")) {
            reserved = 1 << 5 | 1 << 6; // unpriv F, rounding modes 101 and 110 are reserved
        }
        return new Field(parts[0], end - length, length, parts[0].endsWith("'") ? 8 : 0, reserved);
    }

    private static Immediate immediate(String name, List<Piece> pieces) {
        if (name == null) {
            return null;
        }
        int high = pieces.stream().mapToInt(piece -> piece.target + piece.length - 1).max().orElseThrow();
        int low = pieces.stream().mapToInt(Piece::target).min().orElseThrow();
        boolean signed = name.equals("imm") || name.equals("nzimm");
        return new Immediate(name, List.copyOf(pieces), high, low, signed, name.startsWith("nz"));
    }

    /** The field of this name, or null. */
    Field field(String name) {
        for (Field field : fields) {
            if (field.name.equals(name)) {
                return field;
            }
        }
        return null;
    }

    /** True if no field has a reserved value. */
    boolean allowed(int word) {
        if (immediate != null && immediate.nonZero && immediate.value(word) == 0) {
            return false;
        }
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (field.reserved(field.value(word))) {
                return false;
            }
        }
        return true;
    }

    /** A valid word with the free bits of {@code bits}; a reserved value is replaced by a neighbouring one. */
    int sample(int bits) {
        int word = match | bits & ~mask & ~ignored & (width == 16 ? 0xFFFF : -1);
        if (immediate != null && immediate.nonZero && immediate.value(word) == 0) {
            word |= immediate.insert(1 << immediate.low);
        }
        for (Field field : fields) {
            while (field.reserved(field.value(word))) {
                word = word & ~field.insert(-1 + field.offset) | field.insert(field.value(word) + 1);
            }
        }
        return word;
    }
}
