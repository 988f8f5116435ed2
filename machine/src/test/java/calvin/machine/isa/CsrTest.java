package calvin.machine.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CsrTest {
    @Test
    void numbersAndNamesAreInverse() {
        for (int number = 0; number < 4096; number++) {
            assertEquals(number, Csr.numberOf(Csr.nameOf(number)));
        }
        assertEquals(0x3A2, Csr.numberOf("pmpcfg2"));
        assertEquals(0x3EF, Csr.numberOf("pmpaddr63"));
        assertEquals(0xC1F, Csr.numberOf("hpmcounter31"));
        assertNull(Csr.of(0x3A1), "odd pmpcfg registers do not exist in RV64");
    }

    @Test
    void privilegeAndReadOnlyComeFromTheNumber() {
        assertEquals(3, Csr.lowestPrivilege(0x300));
        assertEquals(1, Csr.lowestPrivilege(0x180));
        assertEquals(2, Csr.lowestPrivilege(0x600));
        assertTrue(Csr.readOnly(0xC00) && Csr.readOnly(0xF14) && !Csr.readOnly(0xB00));
        for (Csr csr : Csr.values()) {
            assertTrue(!Csr.readOnly(csr.number) || csr.writable == 0, csr + " is read-only but has writable bits");
        }
    }

    @Test
    void supervisorRegistersTurnIntoTheirVirtualTwins() {
        assertSame(Csr.VSSTATUS, Csr.SSTATUS.underV());
        assertSame(Csr.VSATP, Csr.SATP.underV());
        assertSame(Csr.SCOUNTEREN, Csr.SCOUNTEREN.underV());
        for (Csr csr : Csr.values()) {
            Csr twin = csr.underV();
            assertTrue(twin == csr || twin.number - csr.number == 0x100, csr + " and " + twin);
        }
    }

    @Test
    void causesAreFoundByTheirRegisterValue() {
        for (Cause cause : Cause.values()) {
            assertSame(cause, Cause.of(cause.value()));
        }
        assertNull(Cause.of(14));
        assertNull(Cause.of(Cause.INTERRUPT_BIT | 4));
        assertNull(Cause.of(0x1234567));
        assertTrue(Cause.LOAD_GUEST_PAGE_FAULT.writes(Cause.TVAL2) && !Cause.LOAD_PAGE_FAULT.writes(Cause.TVAL2));
        assertEquals(11, Cause.highestPriority(0xFFFF));
        assertEquals(9, Cause.highestPriority(1 << 9 | 1 << 5 | 1 << 1));
        assertEquals(-1, Cause.highestPriority(0));
    }
}
