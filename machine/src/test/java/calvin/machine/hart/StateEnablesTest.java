package calvin.machine.hart;

import static calvin.machine.hart.Bench.VS;
import static calvin.machine.hart.Bench.VU;
import static org.junit.jupiter.api.Assertions.assertEquals;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import org.junit.jupiter.api.Test;

/** The rules of priv, "Smstateen/Ssstateen Extensions". */
class StateEnablesTest {
    private static final long SE = 1L << 63;
    private static final long ENVCFG = 1L << 62;
    private static final long CSRIND = 1L << 60;
    private static final long CONTEXT = 1L << 57;

    private final Bench bench = new Bench(HartModel.DEFAULT);

    private void write(Csr csr, int position, long value) {
        int mode = bench.hart.mode;
        bench.mode(Hart.MODE_M);
        bench.router.csr(bench.hart, csr.number + position, 1, value, false, true);
        bench.mode(mode);
    }

    private Cause read(int mode, Csr csr, int position) {
        bench.mode(mode);
        bench.router.csr(bench.hart, csr.number + position, 2, 0, true, false);
        return bench.fault();
    }

    private long value(int mode, Csr csr, int position) {
        bench.mode(mode);
        return bench.router.csr(bench.hart, csr.number + position, 2, 0, true, false);
    }

    @Test
    void nothingIsPermittedAtReset() {
        for (Csr csr : new Csr[]{Csr.SENVCFG, Csr.HENVCFG, Csr.SSTATEEN, Csr.HSTATEEN, Csr.SISELECT, Csr.SCONTEXT,
            Csr.HCONTEXT, Csr.VSISELECT}) {
            assertEquals(Cause.ILLEGAL_INSTRUCTION, read(Hart.MODE_S, csr, 0), csr.name());
            assertEquals(null, read(Hart.MODE_M, csr, 0), csr.name());
        }
        assertEquals(Cause.ILLEGAL_INSTRUCTION, read(VS, Csr.SENVCFG, 0), "mstateen comes before hstateen");
        assertEquals(Cause.VIRTUAL_INSTRUCTION, read(VS, Csr.HENVCFG, 0));
        assertEquals(Cause.VIRTUAL_INSTRUCTION, read(VU, Csr.SENVCFG, 0));
    }

    @Test
    void eachBitPermitsItsRegisters() {
        Object[][] cases = {{ENVCFG, Csr.SENVCFG}, {ENVCFG, Csr.HENVCFG}, {SE, Csr.SSTATEEN}, {SE, Csr.HSTATEEN},
            {CSRIND, Csr.SISELECT}, {CSRIND, Csr.VSISELECT}, {CONTEXT, Csr.SCONTEXT}, {CONTEXT, Csr.HCONTEXT}};
        for (Object[] one : cases) {
            write(Csr.MSTATEEN, 0, (long) one[0]);
            assertEquals(null, read(Hart.MODE_S, (Csr) one[1], 0), one[1].toString());
            write(Csr.MSTATEEN, 0, ~(long) one[0]);
            assertEquals(Cause.ILLEGAL_INSTRUCTION, read(Hart.MODE_S, (Csr) one[1], 0), one[1].toString());
        }
    }

    @Test
    void theHypervisorWithholdsFromItsGuest() {
        write(Csr.MSTATEEN, 0, -1);
        assertEquals(Cause.VIRTUAL_INSTRUCTION, read(VS, Csr.SENVCFG, 0));
        assertEquals(Cause.VIRTUAL_INSTRUCTION, read(VS, Csr.SSTATEEN, 0));
        assertEquals(Cause.VIRTUAL_INSTRUCTION, read(VS, Csr.SCONTEXT, 0));
        write(Csr.HSTATEEN, 0, SE | ENVCFG | CONTEXT | CSRIND);
        assertEquals(null, read(VS, Csr.SENVCFG, 0));
        assertEquals(null, read(VS, Csr.SSTATEEN, 0));
        assertEquals(null, read(VS, Csr.SCONTEXT, 0));
        assertEquals(null, read(VS, Csr.SISELECT, 0));
        assertEquals(Cause.VIRTUAL_INSTRUCTION, read(VS, Csr.HSTATEEN, 0));
    }

    @Test
    void bitsThatAreWithheldReadAsZeroFurtherDown() {
        write(Csr.MSTATEEN, 0, -1);
        assertEquals(SE | ENVCFG | CSRIND | CONTEXT, value(Hart.MODE_M, Csr.MSTATEEN, 0), "no interrupt files here");
        write(Csr.HSTATEEN, 0, -1);
        write(Csr.MSTATEEN, 0, SE);
        assertEquals(SE, value(Hart.MODE_S, Csr.HSTATEEN, 0));
        write(Csr.SSTATEEN, 0, -1);
        assertEquals(0, value(Hart.MODE_S, Csr.SSTATEEN, 0));
        for (int i = 1; i < 4; i++) {
            assertEquals(Cause.ILLEGAL_INSTRUCTION, read(Hart.MODE_S, Csr.HSTATEEN, i));
            write(Csr.MSTATEEN, i, -1);
            assertEquals(SE, value(Hart.MODE_M, Csr.MSTATEEN, i));
            assertEquals(Cause.VIRTUAL_INSTRUCTION, read(VS, Csr.SSTATEEN, i));
            write(Csr.HSTATEEN, i, -1);
            assertEquals(null, read(VS, Csr.SSTATEEN, i));
        }
    }
}
