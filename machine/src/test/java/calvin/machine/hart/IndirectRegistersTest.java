package calvin.machine.hart;

import static calvin.machine.hart.Bench.VS;
import static calvin.machine.hart.Bench.VU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** priv Smcsrind: the windows of select and alias CSRs. */
class IndirectRegistersTest {
    private final Bench bench = new Bench();
    private final List<String> seen = new ArrayList<>();
    private long kept = 5;

    IndirectRegistersTest() {
        bench.unit.csrs().indirect().add(0x10, 0x2F, new IndirectRegisters.Range() {
            @Override
            public int refusal(IndirectRegisters.Level level, int select, int alias, boolean fromGuest) {
                return alias > 2 ? IndirectRegisters.inaccessible(fromGuest) : -1;
            }

            @Override
            public long read(IndirectRegisters.Level level, int select, int alias) {
                seen.add("read " + level + " " + Integer.toHexString(select) + " " + alias);
                return kept;
            }

            @Override
            public void write(IndirectRegisters.Level level, int select, int alias, long contents) {
                seen.add("write " + level + " " + Integer.toHexString(select) + " " + alias);
                kept = contents;
            }
        });
    }

    private Cause access(int mode, Csr csr) {
        bench.mode(mode);
        bench.read(csr);
        return bench.fault();
    }

    @Test
    void theSelectRegisterOfTheLevelDecidesWhatTheAliasReaches() {
        bench.write(Csr.MISELECT, 0x10);
        bench.write(Csr.SISELECT, 0x11);
        bench.write(Csr.VSISELECT, 0x2F);
        assertEquals(5, bench.read(Csr.MIREG));
        bench.write(Csr.SIREG2, 7);
        bench.mode(VS);
        assertEquals(7, bench.router.csr(bench.hart, Csr.SIREG.number, 2, 8, true, true));
        assertEquals(0x2F, bench.read(Csr.SISELECT));
        assertEquals(15, kept);
        assertEquals(List.of("read MACHINE 10 1", "read SUPERVISOR 11 2", "write SUPERVISOR 11 2", "read GUEST 2f 1",
                "write GUEST 2f 1"), seen);
    }

    @Test
    void registersThatAreNotThereTrapByWhoAsks() {
        assertEquals(Cause.ILLEGAL_INSTRUCTION, access(Hart.MODE_M, Csr.MIREG), "0 selects nothing");
        bench.write(Csr.SISELECT, 0x10);
        bench.write(Csr.VSISELECT, 0x10);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, access(Hart.MODE_S, Csr.MIREG));
        assertEquals(Cause.ILLEGAL_INSTRUCTION, access(Hart.MODE_S, Csr.SIREG3));
        assertEquals(Cause.ILLEGAL_INSTRUCTION, access(Hart.MODE_S, Csr.VSIREG6));
        assertEquals(Cause.VIRTUAL_INSTRUCTION, access(VS, Csr.SIREG4));
        assertEquals(Cause.VIRTUAL_INSTRUCTION, access(VS, Csr.VSIREG));
        assertEquals(Cause.VIRTUAL_INSTRUCTION, access(VU, Csr.SIREG));
        assertEquals(Cause.ILLEGAL_INSTRUCTION, access(Hart.MODE_U, Csr.SIREG));
        assertEquals(List.of(), seen);
    }

    @Test
    void rangesMustNotOverlap() {
        assertThrows(RuntimeException.class, () -> bench.unit.csrs().indirect().add(0x2F, 0x30, null));
    }
}
