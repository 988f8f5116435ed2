package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.elf.ElfException;
import calvin.machine.hart.EngineFactory;
import calvin.machine.jit.RegionCache;
import calvin.machine.jit.Tuning;
import calvin.sim.state.Snapshot;
import calvin.sim.time.SimTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two engines, one meaning, on whole machines: a kernel with interrupts, paging, traps and several harts. */
class TranslatorSimTest {
    private static final long END_PS = 20 * SimTime.PS_PER_MS;

    private static BoardSpec board(int harts) {
        return BoardSpec.virt(harts, 64 << 20).withHartPeriodPs(5000).withQuantumPs(2 * SimTime.PS_PER_US);
    }

    private static Rig boot(int harts, EngineFactory engines) throws ElfException {
        return SelfTest.boot(board(harts), engines);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void bothEnginesAreInTheSameStateAtEveryCut(int harts) throws ElfException {
        RegionCache regions = Engines.regions(Tuning.EAGER);
        Rig plain = boot(harts, Engines.INTERPRETER);
        Rig translated = boot(harts, Engines.translator(regions));
        for (long end = END_PS / 16; end <= END_PS; end += END_PS / 16) {
            plain.lane.runUntil(end);
            translated.lane.runUntil(end);
            assertEquals(plain.hash(), translated.hash(), "at " + end + " ps");
        }
        assertEquals(plain.output.toString(), translated.output.toString());
        assertTrue(plain.output.toString().contains("SELFTEST PASSED"), plain.output.toString());
        assertTrue(regions.made() > 10, "regions: " + regions.made());
    }

    @Test
    void aSnapshotGoesFromOneEngineToTheOther() throws ElfException {
        RegionCache regions = Engines.regions(Tuning.EAGER);
        Rig straight = boot(1, Engines.INTERPRETER);
        straight.lane.runUntil(END_PS);
        Rig original = boot(1, Engines.translator(regions));
        original.lane.runUntil(END_PS / 20);
        Snapshot snapshot = Snapshot.take(original.lane.components());
        for (EngineFactory engines : new EngineFactory[]{Engines.INTERPRETER, Engines.translator(regions)}) {
            Rig fork = boot(1, engines);
            snapshot.restore(fork.lane.components());
            fork.lane.runUntil(END_PS);
            assertEquals(straight.hash(), fork.hash());
        }
        original.lane.runUntil(END_PS);
        assertEquals(straight.hash(), original.hash(), "the forks' writes are their own");
    }

    /** HotSpot's work, too, is done once for all machines that run the same image. */
    @Test
    void manyMachinesOfOneImageShareEachRegion() throws ElfException {
        RegionCache regions = Engines.regions(Tuning.EAGER);
        long endPs = END_PS / 40;
        boot(1, Engines.translator(regions)).lane.runUntil(endPs);
        long made = regions.made();
        assertTrue(made > 5, "regions: " + made);
        for (int i = 0; i < 63; i++) {
            Rig rig = boot(1, Engines.translator(regions));
            rig.lane.runUntil(endPs);
            rig.machine.close();
        }
        assertEquals(made, regions.made(), "regions made by 63 more machines");
    }
}
