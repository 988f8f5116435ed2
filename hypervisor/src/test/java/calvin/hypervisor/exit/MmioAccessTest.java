package calvin.hypervisor.exit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.hypervisor.FakePort;
import calvin.machine.isa.Csr;
import org.junit.jupiter.api.Test;

final class MmioAccessTest {
    private final FakePort port = new FakePort(4096);

    /** Encodings of `lbu a0, 0(x0)`, `lw a0, 0(x0)` and `sd a1, 0(x0)` as transformed instructions. */
    private static final long LBU_A0 = 0x0000_4503L;
    private static final long LW_A0 = 0x0000_2503L;
    private static final long SD_A1 = 0x00B0_3023L;

    private int decode(long htinst) {
        port.csr(Csr.HTINST.number, htinst);
        return MmioAccess.decode(port);
    }

    @Test
    void transformedLoadsFillTheirRegister() {
        int access = decode(LBU_A0);
        assertFalse(MmioAccess.isStore(access));
        assertEquals(1, MmioAccess.bytes(access));
        assertEquals(10, MmioAccess.register(access));
        port.csr(Csr.SEPC.number, 0x1000);
        MmioAccess.complete(port, access, 0x1F5);
        assertEquals(0xF5, port.x(10), "zero-extended, cut to the width");
        assertEquals(0x1004, port.csr(Csr.SEPC.number));
    }

    @Test
    void signedLoadsExtend() {
        MmioAccess.complete(port, decode(LW_A0), 0x8000_0001L);
        assertEquals(0xFFFF_FFFF_8000_0001L, port.x(10));
    }

    @Test
    void bit1OfTheTransformedInstructionIsItsLength() {
        port.csr(Csr.SEPC.number, 0x1000);
        int access = decode(SD_A1 & ~2L);
        assertTrue(MmioAccess.isStore(access));
        assertEquals(8, MmioAccess.bytes(access));
        assertEquals(11, MmioAccess.register(access));
        MmioAccess.complete(port, access, 0);
        assertEquals(0x1002, port.csr(Csr.SEPC.number), "it was compressed");
    }

    @Test
    void withoutHtinstTheInstructionIsReadThroughTheGuest() {
        // c.lw a2, 0(a0) is 0x4110; sb a1, 3(a0) is 0x00b501a3.
        port.guestCode = new byte[]{0x10, 0x41, (byte) 0xA3, 0x01, (byte) 0xB5, 0x00};
        port.csr(Csr.SEPC.number, 0);
        int load = decode(0);
        assertEquals(4, MmioAccess.bytes(load));
        assertEquals(12, MmioAccess.register(load));
        MmioAccess.complete(port, load, 5);
        assertEquals(2, port.csr(Csr.SEPC.number));
        int store = decode(0);
        port.x(11, 0x1234);
        assertEquals(0x34, MmioAccess.storeValue(port, store));
        MmioAccess.complete(port, store, 0);
        assertEquals(6, port.csr(Csr.SEPC.number));
    }

    @Test
    void whatIsNoPlainAccessIsNone() {
        assertEquals(MmioAccess.NONE, decode(0x3000), "a page-table walk");
        assertEquals(MmioAccess.NONE, decode(0x08B5_252FL), "amoswap.w");
        assertEquals(MmioAccess.NONE, decode(0x0000_3507L), "fld");
        port.guestCode = null;
        assertEquals(MmioAccess.NONE, decode(0), "unreadable code");
    }
}
