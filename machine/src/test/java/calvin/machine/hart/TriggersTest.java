package calvin.machine.hart;

import static calvin.machine.hart.Bench.RAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.sim.state.StateHash;
import org.junit.jupiter.api.Test;

/** Debug triggers by the text of the debug specification, chapter "Sdtrig". */
class TriggersTest {
    private static final long TYPE_2 = 2L << 60;
    private static final long TYPE_6 = 6L << 60;
    private static final long LOAD = 1;
    private static final long STORE = 2;
    private static final long EXECUTE = 4;
    private static final long U = 1 << 3;
    private static final long S = 1 << 4;
    private static final long M = 1 << 6;
    private static final long CHAIN = 1 << 11;
    private static final long HIT = 1 << 22;

    private final Bench bench = new Bench();
    private final Hart hart = bench.hart;
    private final HartRouter router = bench.router;

    TriggersTest() {
        bench.poke(Csr.MSTATUS, Status.MIE);
    }

    private long data(int number) {
        return router.csr(hart, Csr.TDATA.number + number - 1, 2, 0, true, false);
    }

    private void data(int number, long value) {
        router.csr(hart, Csr.TDATA.number + number - 1, 1, value, true, true);
    }

    private void trigger(int index, long control, long compare) {
        int mode = hart.mode;
        bench.mode(Hart.MODE_M);
        bench.write(Csr.TSELECT, index);
        data(1, 0);
        data(2, compare);
        data(1, control);
        bench.mode(mode);
    }

    @Test
    void registersHoldWhatThereIs() {
        bench.write(Csr.TSELECT, HartModel.DEFAULT.triggers() - 1);
        assertEquals(HartModel.DEFAULT.triggers() - 1, bench.read(Csr.TSELECT));
        bench.write(Csr.TSELECT, HartModel.DEFAULT.triggers());
        assertEquals(HartModel.DEFAULT.triggers() - 1, bench.read(Csr.TSELECT));
        assertEquals(1 << 24 | 1 << 15 | 1 << 6 | 1 << 2, bench.read(Csr.TINFO));
        assertEquals(15L << 60, data(1), "disabled at reset");
        data(1, 4L << 60 | M);
        assertEquals(15L << 60, data(1), "an interrupt trigger is none of ours");
        data(1, TYPE_6 | 1L << 59 | CHAIN | 1 << 12 | M | LOAD);
        assertEquals(TYPE_6 | M | LOAD, data(1), "no dmode, no action but 0, and the last one starts no chain");
        data(1, TYPE_6 | 1 << 21 | M | LOAD | STORE);
        assertEquals(TYPE_6 | 1 << 21 | M | STORE, data(1), "no data of loads");
        data(1, TYPE_2 | 1L << 53 | 1 << 7 | M | EXECUTE);
        assertEquals(TYPE_2 | M | EXECUTE, data(1), "type 2 has no NAPOT ranges");
        bench.write(Csr.TCONTROL, -1);
        assertEquals(0, bench.read(Csr.TCONTROL));
        bench.write(Csr.MCONTEXT, -1);
        assertEquals(0x3FFF, bench.read(Csr.HCONTEXT), "an alias");
        assertNotEquals(null, StateHash.of(bench.unit));
        bench.mode(Hart.MODE_S);
        data(1);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, bench.fault());
    }

    @Test
    void anyByteOfAnAccessMatches() {
        trigger(0, TYPE_6 | M | LOAD, RAM + 0x104);
        router.load(hart, RAM + 0x100, 3);
        assertEquals(RAM + 0x100, hart.trapValue);
        assertEquals(Cause.BREAKPOINT, bench.fault());
        assertEquals(HIT, data(1) & HIT);
        router.load(hart, RAM + 0x105, 0);
        router.store(hart, RAM + 0x100, 3, 1);
        assertEquals(null, bench.fault());
        assertEquals(Hart.TLB_EMPTY, hart.tlbReadTag[(int) (RAM >>> 12) & Hart.TLB_ENTRIES - 1]);
        trigger(0, TYPE_6 | 4 << 16 >> 1 | M | LOAD, RAM + 0x104);
        router.load(hart, RAM + 0x104, 3);
        assertEquals(null, bench.fault(), "16 bits only");
        router.load(hart, RAM + 0x104, 1);
        assertEquals(Cause.BREAKPOINT, bench.fault());
        router.load(hart, RAM + 0x1000, 3);
        assertTrue(hart.tlbReadTag[(int) (RAM + 0x1000 >>> 12) & Hart.TLB_ENTRIES - 1] != Hart.TLB_EMPTY);
    }

    @Test
    void aStoreThatFiresIsNotDone() {
        bench.memory.u64(RAM + 8, 5);
        trigger(0, TYPE_2 | M | STORE, RAM + 8);
        router.store(hart, RAM + 8, 3, 9);
        assertEquals(Cause.BREAKPOINT, bench.fault());
        assertEquals(5, bench.memory.u64(RAM + 8));
        router.atomic(hart, 0, RAM + 8, 3, 1);
        assertEquals(Cause.BREAKPOINT, bench.fault());
        router.cacheBlock(hart, 4, RAM + 0x20);
        assertEquals(Cause.BREAKPOINT, bench.fault(), "the block has the byte");
        trigger(0, TYPE_6 | 1 << 21 | M | STORE, 0x55);
        router.store(hart, RAM + 0x900, 0, 0x1255);
        assertEquals(Cause.BREAKPOINT, bench.fault(), "the byte stored");
        router.store(hart, RAM + 0x900, 1, 0x1255);
        assertEquals(null, bench.fault());
    }

    @Test
    void modesAndReentrancyAreObeyed() {
        bench.poke(Csr.PMPCFG, 0);
        trigger(0, TYPE_6 | M | S | LOAD, RAM);
        bench.poke(Csr.MSTATUS, 0);
        router.load(hart, RAM, 0);
        assertEquals(null, bench.fault(), "M mode with MIE = 0 takes no breakpoint");
        bench.mode(Hart.MODE_U);
        router.load(hart, RAM, 0);
        assertEquals(null, bench.fault());
        bench.mode(Hart.MODE_S);
        router.load(hart, RAM, 0);
        assertEquals(Cause.BREAKPOINT, bench.fault(), "the trap goes to M mode");
        bench.poke(Csr.MEDELEG, 1 << 3);
        router.load(hart, RAM, 0);
        assertEquals(null, bench.fault(), "S mode would take it with SIE = 0");
        bench.poke(Csr.MSTATUS, Status.SIE);
        router.load(hart, RAM, 0);
        assertEquals(Cause.BREAKPOINT, bench.fault());
        bench.mode(Bench.VS);
        router.load(hart, RAM, 0);
        assertEquals(null, bench.fault(), "vs is a bit of its own");
    }

    @Test
    void aChainFiresWhenAllOfItMatches() {
        bench.instruction("ld x5, 0(x6)");
        trigger(0, TYPE_6 | 2 << 7 | CHAIN | M | LOAD, RAM + 0x200);
        trigger(1, TYPE_6 | 3 << 7 | M | LOAD, RAM + 0x210);
        router.load(hart, RAM + 0x1F8, 2);
        router.load(hart, RAM + 0x210, 3);
        assertEquals(null, bench.fault());
        router.load(hart, RAM + 0x20C, 2);
        assertEquals(Cause.BREAKPOINT, bench.fault());
        trigger(0, TYPE_6 | CHAIN | M | EXECUTE, RAM);
        assertEquals(RAM, router.fetchPa(hart, RAM), "the load is still to come");
        router.load(hart, RAM + 0x20C, 2);
        assertEquals(Cause.BREAKPOINT, bench.fault());
        hart.pc = RAM + 4;
        router.load(hart, RAM + 0x20C, 2);
        assertEquals(null, bench.fault());
    }

    @Test
    void instructionsFireBeforeTheyAreFetched() {
        bench.memory.u32(RAM + 0x10, 0x0000_0013);
        hart.pc = RAM;
        trigger(0, TYPE_6 | M | EXECUTE, RAM + 0x10);
        hart.deadline = 1000;
        long generation = hart.translationGeneration;
        assertEquals(RAM, router.fetchPa(hart, RAM));
        assertEquals(hart.cycle + 1, hart.deadline, "the next instruction is to be asked about");
        assertNotEquals(generation, hart.translationGeneration);
        hart.pc = RAM + 0x10;
        assertEquals(-1, router.fetchPa(hart, hart.pc));
        assertEquals(hart.pc, hart.trapValue);
        assertEquals(Cause.BREAKPOINT, bench.fault());
        trigger(0, TYPE_6 | 1 << 21 | M | EXECUTE, 0x13);
        assertEquals(-1, router.fetchPa(hart, hart.pc), "the instruction's bits");
        bench.fault();
        trigger(0, TYPE_6 | M | EXECUTE, RAM + 0x1010);
        hart.deadline = 1000;
        assertEquals(hart.pc, router.fetchPa(hart, hart.pc));
        assertEquals(1000, hart.deadline);
    }

    @Test
    void contextsNarrowATrigger() {
        bench.poke(Csr.SATP, 7L << 44);
        trigger(0, TYPE_6 | M | LOAD, RAM);
        data(3, 2 | 8 << 2);
        router.load(hart, RAM, 0);
        assertEquals(null, bench.fault(), "ASID 8");
        data(3, 2 | 7 << 2);
        router.load(hart, RAM, 0);
        assertEquals(Cause.BREAKPOINT, bench.fault());
        bench.poke(Csr.SCONTEXT, 0x1234);
        data(3, 1 | 0x34 << 2 | 14L << 36);
        router.load(hart, RAM, 0);
        assertEquals(Cause.BREAKPOINT, bench.fault(), "the other bytes are left out");
        data(3, 4L << 48 | 5L << 51);
        assertFalse(fires());
        bench.poke(Csr.MCONTEXT, 5);
        assertTrue(fires());
    }

    private boolean fires() {
        router.load(hart, RAM, 0);
        return bench.fault() == Cause.BREAKPOINT;
    }
}
