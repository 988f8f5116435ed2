package calvin.machine.hart;

import static calvin.machine.hart.Bench.DEVICE;
import static calvin.machine.hart.Bench.VS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.sim.state.StateHash;
import org.junit.jupiter.api.Test;

/** Counters and their overflow by priv 3.1.10 to 3.1.12, "Sscofpmf", "Smcntrpmf" and "Smcdeleg/Ssccfg". */
class CountersTest {
    private static final long OF = 1L << 63;
    private static final long MINH = 1L << 62;
    private static final long SINH = 1L << 61;
    private static final long UINH = 1L << 60;

    private final Bench bench = new Bench();
    private final Hart hart = bench.hart;

    private long counter(int number) {
        return access(Csr.MHPMCOUNTER.number + number - 3, 2, 0, false);
    }

    private void counter(int number, long value) {
        access(Csr.MHPMCOUNTER.number + number - 3, 1, value, true);
    }

    private long event(int number) {
        return access(Csr.MHPMEVENT.number + number - 3, 2, 0, false);
    }

    private void event(int number, long value) {
        access(Csr.MHPMEVENT.number + number - 3, 1, value, true);
    }

    private long access(int number, int kind, long value, boolean writes) {
        return bench.router.csr(hart, number, kind, value, true, writes);
    }

    /** As an engine does. */
    private void run(int instructions) {
        hart.cycle += instructions;
        hart.instret += instructions;
    }

    @Test
    void anEventIsCountedFromTheInstructionBehindTheOneThatChoseIt() {
        event(3, HpmEvent.CYCLES.code);
        event(4, HpmEvent.INSTRUCTIONS.code);
        run(1);
        assertEquals(0, counter(3));
        run(5);
        hart.cycle += 10;
        assertEquals(15, counter(3));
        assertEquals(5, counter(4));
        bench.write(Csr.MCOUNTINHIBIT, 1 << 3);
        run(7);
        assertEquals(15, counter(3));
        assertEquals(12, counter(4));
        counter(3, 100);
        bench.write(Csr.MCOUNTINHIBIT, 0);
        run(1);
        assertEquals(100, counter(3));
        event(3, 0);
        run(50);
        assertEquals(100, counter(3), "no event");
        event(3, 99);
        assertEquals(0, event(3), "an event that is not there");
        counter(19, 5);
        event(19, 1);
        assertEquals(0, counter(19) | event(19), "the model has 16");
    }

    @Test
    void modesCanBeLeftOut() {
        event(3, HpmEvent.INSTRUCTIONS.code | MINH);
        event(4, HpmEvent.INSTRUCTIONS.code | SINH | UINH);
        bench.write(Csr.MINSTRETCFG, SINH | 1);
        assertEquals(SINH, bench.read(Csr.MINSTRETCFG));
        bench.write(Csr.MINSTRET, 0);
        run(1);
        run(3);
        bench.mode(Hart.MODE_S);
        run(10);
        bench.mode(VS);
        run(100);
        bench.mode(Hart.MODE_M);
        assertEquals(110, counter(3));
        assertEquals(103, counter(4));
        assertEquals(103, bench.read(Csr.MINSTRET));
    }

    @Test
    void aReturnCountsInTheModeItIsExecutedIn() {
        event(3, HpmEvent.INSTRUCTIONS.code | MINH);
        event(4, HpmEvent.INSTRUCTIONS.code | SINH);
        run(1);
        long before = counter(4);
        bench.poke(Csr.MSTATUS, 1L << Status.MPP_SHIFT);
        bench.router.mret(hart);
        run(1);
        assertEquals(Hart.MODE_S, hart.mode);
        run(4);
        bench.mode(Hart.MODE_M);
        assertEquals(4, counter(3));
        assertEquals(before + 1, counter(4));
    }

    @Test
    void overflowComesAtItsInstructionAndOnce() {
        event(3, HpmEvent.INSTRUCTIONS.code);
        counter(3, -5L);
        run(1);
        bench.poke(Csr.MIE, Status.LCOFIP);
        assertEquals(hart.cycle + 5, bench.unit.timerCycle());
        run(4);
        assertEquals(0, bench.peek(Csr.MIP) & Status.LCOFIP);
        assertEquals(hart.cycle + 1, bench.unit.timerCycle());
        run(1);
        assertEquals(Status.LCOFIP, bench.peek(Csr.MIP));
        assertEquals(OF | 2, event(3));
        assertEquals(1 << 3, bench.read(Csr.SCOUNTOVF));
        assertEquals(Long.MAX_VALUE, bench.unit.timerCycle());
        bench.write(Csr.MIP, 0);
        counter(3, -1L);
        run(2);
        assertEquals(0, bench.peek(Csr.MIP), "OF is still set");
        event(3, 2);
        counter(3, -1L);
        run(2);
        assertEquals(Status.LCOFIP, bench.peek(Csr.MIP));
        bench.poke(Csr.MSTATUS, Status.MIE);
        assertEquals(Cause.COUNTER_OVERFLOW.code, bench.unit.deliverableInterrupt());
    }

    @Test
    void aClockThatJumpsOverflowsToo() {
        event(3, HpmEvent.CYCLES.code);
        counter(3, -5L);
        run(1);
        hart.cycle += 1000;
        assertEquals(Status.LCOFIP, bench.peek(Csr.MIP));
        assertEquals(995, counter(3));
    }

    @Test
    void aWaitingHartIsWokenByTheClockButNotByInstructions() {
        event(3, HpmEvent.CYCLES.code);
        event(4, HpmEvent.INSTRUCTIONS.code);
        counter(3, -500L);
        run(1);
        counter(4, -5L);
        run(1);
        hart.waiting = true;
        assertEquals(Long.MAX_VALUE, bench.unit.timerCycle(), "nobody wants the interrupt");
        bench.poke(Csr.MIE, Status.LCOFIP);
        assertEquals(hart.cycle + 499, bench.unit.timerCycle());
    }

    @Test
    void slowPathsAreCounted() {
        int[] events = {3, 4, 5, 8, 9, 10, 11, 12};
        for (int i = 0; i < events.length; i++) {
            event(3 + i, events[i]);
        }
        bench.router.load(hart, DEVICE + 8, 2);
        bench.router.store(hart, DEVICE + 8, 2, 1);
        bench.router.store(hart, DEVICE + 8, 2, 1);
        bench.router.fence(hart, 0, 0, 0, false, false);
        bench.poke(Csr.SATP, 8L << 60 | 1);
        bench.poke(Csr.SATP, 8L << 60 | 1);
        bench.router.wfi(hart);
        hart.waiting = false;
        bench.router.ecall(hart);
        bench.unit.takeException();
        bench.router.load(hart, 0, 2);
        bench.unit.takeException();
        bench.unit.takeInterrupt(3);
        long[] wanted = {2, 1, 1, 1, 2, 1, 1, 1};
        for (int i = 0; i < events.length; i++) {
            assertEquals(wanted[i], counter(3 + i), "event " + events[i]);
        }
        counter(3, -1L);
        bench.router.ecall(hart);
        bench.unit.takeException();
        assertEquals(OF | 3, event(3));
        assertEquals(Status.LCOFIP, bench.peek(Csr.MIP));
    }

    @Test
    void stateIsWhatCountersReadWhateverTheirHistory() {
        Bench other = new Bench();
        for (Bench one : new Bench[]{bench, other}) {
            one.router.csr(one.hart, Csr.MHPMEVENT.number, 1, 2, true, true);
            one.hart.instret += 5;
        }
        bench.write(Csr.MCOUNTINHIBIT, -1);
        bench.write(Csr.MCOUNTINHIBIT, 0);
        other.hart.instret--;
        other.hart.instret++;
        bench.router.csr(hart, Csr.MHPMCOUNTER.number, 1, other.router.csr(other.hart, Csr.MHPMCOUNTER.number, 2, 0,
                true, false) - 1, true, true);
        bench.poke(Csr.MCYCLE, other.peek(Csr.MCYCLE));
        bench.poke(Csr.MINSTRET, other.peek(Csr.MINSTRET));
        bench.router.csr(hart, Csr.MHPMCOUNTER.number, 1, 3, true, true);
        other.router.csr(other.hart, Csr.MHPMCOUNTER.number, 1, 3, true, true);
        assertEquals(StateHash.of(other.unit), StateHash.of(bench.unit));
        run(1);
        assertNotEquals(StateHash.of(other.unit), StateHash.of(bench.unit));
    }

    @Test
    void countersCanBeDelegatedToTheSupervisor() {
        bench.poke(Csr.MCOUNTEREN, 0xD);
        event(3, HpmEvent.CYCLES.code | MINH);
        bench.write(Csr.SISELECT, 0x43);
        bench.write(Csr.VSISELECT, 0x43);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, read(Hart.MODE_S, Csr.SIREG), "menvcfg.CDE is 0");
        assertEquals(Cause.ILLEGAL_INSTRUCTION, read(Hart.MODE_S, Csr.SCOUNTINHIBIT));
        assertEquals(Cause.ILLEGAL_INSTRUCTION, read(VS, Csr.SIREG));
        bench.poke(Csr.MENVCFG, Status.ENV_CDE);
        assertEquals(null, read(Hart.MODE_S, Csr.SIREG));
        assertEquals(HpmEvent.CYCLES.code, bench.read(Csr.SIREG2), "MINH is M mode's");
        bench.write(Csr.SIREG2, HpmEvent.INSTRUCTIONS.code);
        bench.write(Csr.SIREG, 77);
        bench.write(Csr.SCOUNTINHIBIT, -1);
        assertEquals(0xD, bench.read(Csr.SCOUNTINHIBIT));
        bench.mode(Hart.MODE_M);
        assertEquals(HpmEvent.INSTRUCTIONS.code | MINH, event(3));
        assertEquals(Cause.ILLEGAL_INSTRUCTION, read(Hart.MODE_S, Csr.SIREG3));
        bench.write(Csr.SISELECT, 0x41);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, read(Hart.MODE_S, Csr.SIREG), "time is no counter of these");
        bench.write(Csr.SISELECT, 0x44);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, read(Hart.MODE_S, Csr.SIREG), "not delegated");
        bench.write(Csr.SISELECT, 0x43);
        assertEquals(Cause.VIRTUAL_INSTRUCTION, read(VS, Csr.SCOUNTINHIBIT));
        bench.mode(VS);
        bench.write(Csr.SISELECT, 0x43);
        assertEquals(Cause.VIRTUAL_INSTRUCTION, read(VS, Csr.SIREG));
        assertEquals(Cause.ILLEGAL_INSTRUCTION, read(Hart.MODE_S, Csr.VSIREG));
    }

    private Cause read(int mode, Csr csr) {
        bench.mode(mode);
        bench.read(csr);
        return bench.fault();
    }

    @Test
    void overflowBitsAreSeenThroughTheEnables() {
        event(3, OF | 1);
        event(4, OF | 1);
        assertEquals(0x18, bench.read(Csr.SCOUNTOVF));
        bench.poke(Csr.MCOUNTEREN, 1 << 3);
        bench.mode(Hart.MODE_S);
        assertEquals(1 << 3, bench.read(Csr.SCOUNTOVF));
        bench.mode(VS);
        assertEquals(0, bench.read(Csr.SCOUNTOVF));
        bench.poke(Csr.HCOUNTEREN, -1L);
        assertEquals(1 << 3, bench.read(Csr.SCOUNTOVF));
        assertFalse(bench.unit.halted());
        assertTrue(hart.trapCause < 0);
    }
}
