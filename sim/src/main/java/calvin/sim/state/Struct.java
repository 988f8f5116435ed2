package calvin.sim.state;

import calvin.sim.check.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * The declared layout of a record in memory. Fields are declared in order, naturally aligned, without hidden padding;
 * the declaration ends with {@link #endsAt}, which fails at class load when the size is not the one that was meant.
 *
 * <pre>{@code
 * static final Struct S = Struct.named("task");
 * static final U64 NEXT = S.u64("next", "pa of the next task in the run queue, 0 = end");
 * static { S.endsAt(64); }
 * }</pre>
 *
 * The same declaration gives accessors, the dump, the golden layout file and the fault injector's list of targets.
 */
public final class Struct {
    private final String name;
    private final List<Field> fields = new ArrayList<>();
    private int sizeBytes;
    private boolean ended;

    /** One declared field: its place and what it means. */
    public record Field(String name, int offset, int bytes, String meaning) {}

    private Struct(String name) {
        this.name = name;
    }

    public static Struct named(String name) {
        return new Struct(name);
    }

    public String name() {
        return name;
    }

    public List<Field> fields() {
        return List.copyOf(fields);
    }

    public int sizeBytes() {
        Check.that(ended, "struct is used before endsAt", name);
        return sizeBytes;
    }

    public U8 u8(String field, String meaning) {
        return new U8(place(field, 1, 1, meaning));
    }

    public U16 u16(String field, String meaning) {
        return new U16(place(field, 2, 2, meaning));
    }

    public U32 u32(String field, String meaning) {
        return new U32(place(field, 4, 4, meaning));
    }

    public U64 u64(String field, String meaning) {
        return new U64(place(field, 8, 8, meaning));
    }

    /** {@code length} bytes, unaligned. */
    public Bytes bytes(String field, int length, String meaning) {
        return new Bytes(place(field, length, 1, meaning), length);
    }

    /** {@code count} 64-bit words. */
    public Words words(String field, int count, String meaning) {
        return new Words(place(field, 8 * count, 8, meaning), count);
    }

    /** Declares unused bytes, always zero. */
    public void reserved(int length) {
        place("reserved", length, 1, "zero");
    }

    /** Ends the declaration. */
    public void endsAt(int expectedBytes) {
        Check.that(sizeBytes == expectedBytes, "struct " + name + " has another size than declared", sizeBytes,
                expectedBytes);
        ended = true;
    }

    private int place(String field, int bytes, int alignment, String meaning) {
        Check.that(!ended, "field declared after endsAt", field);
        Check.that(sizeBytes % alignment == 0, "struct " + name + " needs explicit padding before " + field, sizeBytes);
        int offset = sizeBytes;
        fields.add(new Field(field, offset, bytes, meaning));
        sizeBytes += bytes;
        return offset;
    }

    /** An unsigned byte. */
    public record U8(int offset) {
        public int get(Memory memory, long at) {
            return memory.u8(at + offset);
        }

        public void set(Memory memory, long at, int value) {
            memory.u8(at + offset, value);
        }
    }

    /** An unsigned 16-bit field. */
    public record U16(int offset) {
        public int get(Memory memory, long at) {
            return memory.u16(at + offset);
        }

        public void set(Memory memory, long at, int value) {
            memory.u16(at + offset, value);
        }
    }

    /** An unsigned 32-bit field. */
    public record U32(int offset) {
        public long get(Memory memory, long at) {
            return memory.u32(at + offset);
        }

        public void set(Memory memory, long at, long value) {
            memory.u32(at + offset, value);
        }
    }

    /** A 64-bit field. */
    public record U64(int offset) {
        public long get(Memory memory, long at) {
            return memory.u64(at + offset);
        }

        public void set(Memory memory, long at, long value) {
            memory.u64(at + offset, value);
        }
    }

    /** A fixed number of bytes. */
    public record Bytes(int offset, int length) {
        public void get(Memory memory, long at, byte[] into) {
            memory.read(at + offset, into, 0, length);
        }

        /** Writes {@code from}, cut or zero-filled to the field's length. */
        public void set(Memory memory, long at, byte[] from) {
            int n = Math.min(from.length, length);
            memory.write(at + offset, from, 0, n);
            memory.zero(at + offset + n, length - n);
        }
    }

    /** An array of 64-bit words. */
    public record Words(int offset, int count) {
        public long get(Memory memory, long at, int index) {
            return memory.u64(at + offset + 8L * index);
        }

        public void set(Memory memory, long at, int index, long value) {
            memory.u64(at + offset + 8L * index, value);
        }
    }
}
