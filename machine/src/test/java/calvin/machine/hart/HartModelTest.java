package calvin.machine.hart;

import static calvin.machine.hart.Bench.RAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each setting of a hart shows where the manual lets it show. */
class HartModelTest {
    private static final HartModel MODEL = HartModel.DEFAULT;

    private static long row(Bench bench, Csr csr, int position, long value) {
        bench.router.csr(bench.hart, csr.number + position, 1, value, false, true);
        return bench.router.csr(bench.hart, csr.number + position, 2, 0, true, false);
    }

    @Test
    void protectionHasAsManyEntriesAndOpensAsTold() {
        Bench many = new Bench(MODEL.withPmp(64, false));
        assertEquals(5, row(many, Csr.PMPADDR, 63, 5));
        many.mode(Hart.MODE_S);
        many.router.load(many.hart, RAM, 3);
        assertEquals(Cause.LOAD_ACCESS_FAULT, many.fault(), "closed at reset");
        Bench few = new Bench();
        assertEquals(0, row(few, Csr.PMPADDR, 16, 5));
        Bench none = new Bench(MODEL.withPmp(0, true));
        assertEquals(0, row(none, Csr.PMPCFG, 0, -1));
        none.mode(Hart.MODE_S);
        none.router.load(none.hart, RAM, 3);
        assertEquals(null, none.fault());
    }

    @Test
    void translationRegistersHaveTheirBitsAndModes() {
        Bench bench = new Bench(MODEL.withTranslation(9, 7, 4, false));
        bench.poke(Csr.SATP, 9L << 60 | -1L >>> 4);
        assertEquals(9L << 60 | 0x1FFL << 44 | (1L << 44) - 1, bench.peek(Csr.SATP));
        bench.poke(Csr.SATP, 10L << 60);
        assertEquals(9, bench.peek(Csr.SATP) >>> 60, "Sv57 is not there");
        bench.poke(Csr.HGATP, 8L << 60 | -1L >>> 4);
        assertEquals(8L << 60 | 0x7FL << 44 | (1L << 44) - 4, bench.peek(Csr.HGATP));
        assertEquals(0, bench.peek(Csr.MENVCFG) & Status.ENV_ADUE, "Svade until software says otherwise");
        assertTrue(new Bench().peek(Csr.MENVCFG) != 0);
    }

    @Test
    void countersAndTriggersMayBeMissing() {
        Bench bench = new Bench(MODEL.withUnits(0, 0));
        assertEquals(0, row(bench, Csr.MHPMCOUNTER, 0, 5));
        bench.poke(Csr.MCOUNTEREN, -1L);
        assertEquals(7, bench.peek(Csr.MCOUNTEREN));
        assertEquals(0, row(bench, Csr.TDATA, 0, 6L << 60 | 0x47));
        bench.poke(Csr.TSELECT, 1);
        assertEquals(0, bench.peek(Csr.TSELECT));
        assertEquals(0, bench.peek(Csr.TINFO));
        Bench all = new Bench(MODEL.withUnits(29, 16));
        assertEquals(5, row(all, Csr.MHPMCOUNTER, 28, 5));
    }

    @Test
    void trapsSayWhatTheyAreToldTo() {
        for (boolean shown : new boolean[]{true, false}) {
            Bench bench = new Bench(MODEL.withInstructionInXtval(shown));
            bench.instruction("mret");
            bench.mode(Hart.MODE_S);
            bench.poke(Csr.MSTATUS, 0);
            bench.router.mret(bench.hart);
            bench.unit.takeException();
            assertEquals(shown ? 0x3020_0073L : 0, bench.peek(Csr.MTVAL));
        }
    }

    @Test
    void identityIsReadAndStringsFollow() {
        HartModel model = MODEL.withIds(0x1234, 5, 6).withUnits(0, 0).withTranslation(16, 14, 3, false);
        Bench bench = new Bench(model);
        assertEquals(List.of(0x1234L, 5L, 6L),
                List.of(bench.peek(Csr.MVENDORID), bench.peek(Csr.MARCHID), bench.peek(Csr.MIMPID)));
        List<String> names = List.of(HartIsa.names(false, model).split(" "));
        assertTrue(names.containsAll(List.of("svade", "svadu")));
        assertFalse(names.contains("sdtrig") || names.contains("sscofpmf"));
        assertFalse(HartIsa.string().contains("svade"));
    }

    @Test
    void modelsThatCannotBeBuiltSayAllThatIsWrong() {
        HartModel wrong = new HartModel(17, true, 30, 17, 17, 15, 6, true, true, true, 64, 0, 1L << 32, 0, 0);
        assertEquals(9, wrong.problems().size(), wrong.problems().toString());
        assertEquals(List.of(), MODEL.problems());
    }
}
