package calvin.sim.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import calvin.sim.check.BugException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StructTest {
    @Test
    void fieldsLieWhereTheyAreDeclared() {
        Struct s = Struct.named("sample");
        Struct.U8 a = s.u8("a", "first");
        s.reserved(1);
        Struct.U16 b = s.u16("b", "second");
        Struct.U32 c = s.u32("c", "third");
        Struct.U64 d = s.u64("d", "fourth");
        Struct.Bytes e = s.bytes("e", 5, "fifth");
        s.reserved(3);
        Struct.Words f = s.words("f", 3, "sixth");
        s.endsAt(48);
        assertEquals(List.of(0, 1, 2, 4, 8, 16, 21, 24), s.fields().stream().map(Struct.Field::offset).toList());
        assertEquals(48, s.sizeBytes());

        Block block = new Block(100);
        a.set(block, 10, 0x12);
        b.set(block, 10, 0x3456);
        c.set(block, 10, 0xFFFF_FFFFL);
        d.set(block, 10, -2);
        e.set(block, 10, "hello, world".getBytes(StandardCharsets.US_ASCII));
        f.set(block, 10, 2, 77);
        assertEquals(0x12, a.get(block, 10));
        assertEquals(0x3456, b.get(block, 10));
        assertEquals(0xFFFF_FFFFL, c.get(block, 10));
        assertEquals(-2, d.get(block, 10));
        assertEquals(77, f.get(block, 10, 2));
        assertEquals(77, block.u64(10 + 24 + 16));
        byte[] text = new byte[5];
        e.get(block, 10, text);
        assertArrayEquals("hello".getBytes(StandardCharsets.US_ASCII), text);
        assertEquals(0, block.u8(10 + 21));
        e.set(block, 10, new byte[]{'x'});
        e.get(block, 10, text);
        assertArrayEquals(new byte[]{'x', 0, 0, 0, 0}, text);
    }

    @Test
    void hiddenPaddingIsRefused() {
        Struct s = Struct.named("padded");
        s.u8("a", "first");
        assertThrows(BugException.class, () -> s.u32("b", "would need three bytes of padding"));
    }

    @Test
    void theSizeIsCheckedAndTheDeclarationEnds() {
        Struct s = Struct.named("sized");
        s.u64("a", "only");
        assertThrows(BugException.class, s::sizeBytes);
        assertThrows(BugException.class, () -> s.endsAt(16));
        s.endsAt(8);
        assertEquals(8, s.sizeBytes());
        assertThrows(BugException.class, () -> s.u8("late", "too late"));
    }
}
