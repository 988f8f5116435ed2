package calvin.machine.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.isa.OpIndex;
import calvin.machine.isa.Slot;
import calvin.sim.state.StateHash;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dependent and independent loads against the tables: what a level costs is what the tables say it costs. */
class TimingModelTest {
    private static final long PERIOD_PS = 500;
    private static final long RAM = 0x8000_0000L;
    private static final long NODE_BYTES = 1L << 30;
    /** ld a0, 0(a0): each load's address is the last one's result. */
    private static final long CHASE = Slot.of(OpIndex.LD, 2, 10, 10, 0, 0);
    private static final TimingSpec SPEC = TimingSpec.DEFAULT;

    private final TimingModel model = model(4, 2);
    /** By hart. */
    private final long[] cycle = new long[4];

    /** Two nodes of two harts each. */
    private static TimingModel model(int harts, int hartsPerCore) {
        return new TimingModel("node0/timing", SPEC, new MachineShape(harts, hartsPerCore, PERIOD_PS,
                List.of(0, 0, 1, 1), List.of(new MachineShape.Region(RAM, NODE_BYTES, 0),
                        new MachineShape.Region(RAM + NODE_BYTES, NODE_BYTES, 1)),
                List.of(List.of(10, 20), List.of(20, 10)), List.of(DramSpec.DDR, DramSpec.HBM)));
    }

    private static int noWalk(long va, boolean instruction, WalkTrace trace) {
        throw new AssertionError("nothing is translated");
    }

    private void step(int hart, long slot, long pa, boolean write, long space, PageWalks walks) {
        cycle[hart] += model.before(hart, slot, RAM, RAM, 0, false, cycle[hart] * PERIOD_PS, walks);
        model.data(hart, pa, pa, 8, write, space, cycle[hart] * PERIOD_PS, walks);
        long after = model.after(hart, slot, cycle[hart] * PERIOD_PS);
        cycle[hart] += 1 + after;
    }

    private void load(int hart, long pa) {
        step(hart, CHASE, pa, false, 0, TimingModelTest::noWalk);
    }

    /** Cycles a load of a chain takes on average: over {@code bytes}, in an order that no prefetcher follows. */
    private double chase(int hart, long basePa, long bytes) {
        long lines = bytes / TimingSpec.LINE_BYTES;
        for (int pass = 0; pass < 2; pass++) {
            long begin = cycle[hart];
            for (long i = 0; i < lines; i++) {
                if (i == 1) {
                    begin = cycle[hart]; // the first one waited for the last pass
                }
                // An odd multiplier visits every line of a power of two once.
                load(hart, basePa + (i * 0x9E37_79B1L & lines - 1) * TimingSpec.LINE_BYTES);
            }
            if (pass == 1) {
                return (double) (cycle[hart] - begin) / lines;
            }
        }
        throw new AssertionError();
    }

    @Test
    void aChainOfLoadsCostsWhatItsLevelCosts() {
        assertEquals(SPEC.firstData().latencyCycles(), chase(0, RAM, 16 << 10), 0.5);
        assertEquals(SPEC.second().latencyCycles(), chase(0, RAM, 512 << 10), 1.5);
        assertEquals(SPEC.second().latencyCycles() + SPEC.last().latencyCycles(), chase(0, RAM, 8 << 20), 5);
        double memory = chase(0, RAM, 64 << 20) * PERIOD_PS;
        assertTrue(memory > 90_000 && memory < 140_000, "local DDR takes " + memory + " ps");
    }

    @Test
    void memoryOfAnotherNodeIsFartherByItsDistance() {
        double local = chase(0, RAM, 64 << 20);
        double remote = chase(2, RAM, 64 << 20);
        double expected = 2.0 * SPEC.linePsPerDistance() / PERIOD_PS;
        assertTrue(remote - local > expected * 0.9 && remote - local < expected * 1.6, local + ", " + remote);
    }

    @Test
    void independentLoadsOverlapUpToTheEntriesForMisses() {
        long chained = cycle[0];
        for (int i = 0; i < 256; i++) {
            load(0, RAM + i * 1_000_064L);
        }
        chained = cycle[0] - chained;
        long independent = cycle[0];
        long slot = Slot.of(OpIndex.LD, 2, 11, 12, 0, 0);
        for (int i = 0; i < 256; i++) {
            step(0, slot, RAM + 320 + i * 1_000_064L, false, 0, TimingModelTest::noWalk);
        }
        independent = cycle[0] - independent;
        assertTrue(independent * 8 < chained && independent * 24 > chained, chained + ", " + independent);
    }

    @Test
    void aStreamIsPrefetched() {
        long begin = cycle[0];
        for (int i = 0; i < 4096; i++) {
            load(0, RAM + i * 64L);
        }
        double sequential = (double) (cycle[0] - begin) / 4096;
        assertTrue(sequential < chase(1, RAM + (256 << 20), 64 << 20) / 3, "cycles for a line: " + sequential);
    }

    @Test
    void aLineThatAnotherCoreWroteComesFromThere() {
        long store = Slot.of(OpIndex.SD, 2, 0, 12, 13, 0);
        load(0, RAM);
        load(0, RAM);
        step(2, store, RAM, true, 0, TimingModelTest::noWalk);
        long begin = cycle[0];
        load(0, RAM);
        load(0, RAM + 8);
        long again = cycle[0];
        load(0, RAM);
        load(0, RAM + 8);
        assertTrue(again - begin > SPEC.last().latencyCycles() + SPEC.transferCycles());
        assertTrue(cycle[0] - again <= 3L * SPEC.firstData().latencyCycles());
    }

    @Test
    void harvestingADeviceWriteMissesOnce() {
        load(0, RAM);
        load(0, RAM);
        model.device(RAM, 8, true);
        long begin = cycle[0];
        load(0, RAM);
        load(0, RAM);
        assertTrue(cycle[0] - begin >= SPEC.last().latencyCycles());
    }

    @Test
    void aLargerPageReachesFarther() {
        assertTrue(reach(12) > 2 * reach(21), reach(12) + ", " + reach(21));
    }

    /** Cycles a load takes that touches one line in each 4 KiB of 32 MiB, by the size of the pages that map it. */
    private double reach(int pageShift) {
        TimingModel fresh = model(4, 2);
        PageWalks walks = (va, instruction, trace) -> {
            trace.entry(RAM + 0x3000_0000L, false, false);
            trace.entry(RAM + 0x3000_1000L + (va >>> 30 & 511) * 8, false, false);
            if (pageShift == 12) {
                trace.entry(RAM + 0x3000_2000L + (va >>> 21 & 511) * 8, false, false);
            }
            trace.entry(RAM + 0x3100_0000L + (va >>> pageShift & 0xF_FFFF) * 8, false, true);
            return pageShift;
        };
        long pages = 32 << 20 >>> 12;
        long now = 0;
        long begin = 0;
        for (int pass = 0; pass < 2; pass++) {
            begin = now;
            for (long i = 0; i < pages; i++) {
                long pa = RAM + (i * 0x9E37_79B1L & pages - 1) * 4096 + (i >>> 5) % 64 * 64;
                now += fresh.before(0, CHASE, RAM, RAM, 0, false, now * PERIOD_PS, walks);
                fresh.data(0, pa, pa, 8, false, TimingModel.space(5, 0), now * PERIOD_PS, walks);
                now += 1 + fresh.after(0, CHASE, now * PERIOD_PS);
            }
        }
        return (double) (now - begin) / pages;
    }

    @Test
    void whatItRemembersIsSaved() {
        chase(0, RAM, 1 << 20);
        chase(3, RAM, 1 << 20);
        TimingModel copy = model(4, 2);
        calvin.sim.state.Snapshot snapshot = calvin.sim.state.Snapshot.take(List.of(model));
        snapshot.restore(List.of(copy));
        assertEquals(StateHash.of(model), StateHash.of(copy));
        for (int i = 0; i < 1000; i++) {
            long pa = RAM + i * 4160L;
            long here = model.before(0, CHASE, RAM, RAM, 0, false, 1_000_000_000L, TimingModelTest::noWalk);
            assertEquals(here, copy.before(0, CHASE, RAM, RAM, 0, false, 1_000_000_000L, TimingModelTest::noWalk));
            model.data(0, pa, pa, 8, false, 0, 1_000_000_000L, TimingModelTest::noWalk);
            copy.data(0, pa, pa, 8, false, 0, 1_000_000_000L, TimingModelTest::noWalk);
            assertEquals(model.after(0, CHASE, 1_000_000_000L), copy.after(0, CHASE, 1_000_000_000L));
        }
    }
}
