package calvin.sim.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import calvin.sim.check.BugException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BlockTest {
    @Test
    void wordsAreLittleEndianAndNeedNoAlignment() {
        Block block = new Block(16);
        block.u64(3, 0x8877_6655_4433_2211L);
        byte[] bytes = new byte[16];
        block.read(0, bytes, 0, 16);
        assertArrayEquals(new byte[]{0, 0, 0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, (byte) 0x88, 0, 0, 0, 0, 0},
                bytes);
        assertEquals(0x11, block.u8(3));
        assertEquals(0x8877, block.u16(9));
        assertEquals(0x8877_6655L, block.u32(7));
        assertEquals(0x8877_6655_4433_2211L, block.u64(3));
    }

    @Test
    void narrowWritesChangeTheirBytesOnly() {
        Block block = new Block(16);
        block.u64(0, -1);
        block.u64(8, -1);
        block.u8(1, 0x1FF00);
        block.u16(4, 0x7_1234);
        block.u32(9, 0x5_8000_0001L);
        assertEquals(0xFFFF_1234_FFFF_00FFL, block.u64(0));
        assertEquals(0xFFFF_FF80_0000_01FFL, block.u64(8));
    }

    @Test
    void zeroClearsExactlyItsRange() {
        Block block = new Block(32);
        for (int i = 0; i < 32; i++) {
            block.u8(i, 0xFF);
        }
        block.zero(5, 17);
        for (int i = 0; i < 32; i++) {
            assertEquals(i < 5 || i >= 22 ? 0xFF : 0, block.u8(i), "byte " + i);
        }
    }

    @Test
    void anAccessOutsideIsABugEvenWhereAnIntWouldWrap() {
        Block block = new Block(8);
        long wrapped = 1L << 32;
        byte[] bytes = new byte[8];
        Executable[] accesses = {() -> block.u8(wrapped), () -> block.u8(wrapped, 1), () -> block.u16(wrapped),
            () -> block.u16(wrapped, 1), () -> block.u32(wrapped), () -> block.u32(wrapped, 1),
            () -> block.u64(wrapped),
            () -> block.u64(wrapped, 1), () -> block.read(wrapped, bytes, 0, 1),
            () -> block.write(wrapped, bytes, 0, 1),
            () -> block.zero(wrapped, 1)};
        for (Executable access : accesses) {
            assertThrows(BugException.class, access);
        }
        assertThrows(IndexOutOfBoundsException.class, () -> block.u64(1));
        assertThrows(IndexOutOfBoundsException.class, () -> block.u8(-1));
        assertEquals(0, block.u64(0));
    }
}
