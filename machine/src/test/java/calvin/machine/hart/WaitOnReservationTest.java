package calvin.machine.hart;

import static calvin.machine.hart.Bench.RAM;
import static calvin.machine.hart.Bench.VS;
import static calvin.machine.hart.Bench.VU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import org.junit.jupiter.api.Test;

/** WRS.NTO and WRS.STO by the text of unpriv, "Zawrs". */
class WaitOnReservationTest {
    private final Bench bench = new Bench();
    private final Hart hart = bench.hart;

    private void reserve() {
        hart.waiting = false;
        hart.reservationPa = RAM;
    }

    @Test
    void withoutAReservationThereIsNothingToWaitFor() {
        bench.router.waitOnReservation(hart, false);
        assertFalse(hart.waiting);
        reserve();
        bench.poke(Csr.MIE, Status.SSIP);
        bench.poke(Csr.MIP, Status.SSIP);
        bench.router.waitOnReservation(hart, false);
        assertFalse(hart.waiting, "an interrupt that ends WFI is pending, masked or not");
    }

    @Test
    void theStallEndsWithTheReservation() {
        reserve();
        bench.router.waitOnReservation(hart, false);
        assertTrue(hart.waiting);
        assertEquals(Long.MAX_VALUE, bench.unit.timerCycle(), "it has no end of its own");
        assertFalse(bench.unit.wakes());
        bench.unit.loseReservation(50_500);
        assertFalse(hart.waiting);
        assertEquals(51, hart.cycle);
        hart.waiting = true;
        bench.unit.loseReservation(90_000);
        assertTrue(hart.waiting, "WFI does not end so");
    }

    @Test
    void anInterruptEndsItToo() {
        reserve();
        bench.poke(Csr.MIE, Status.MSIP);
        bench.router.waitOnReservation(hart, false);
        bench.nowPs = 20_000;
        bench.unit.setLine(Status.MSIP, true);
        assertFalse(hart.waiting);
        assertEquals(20, hart.cycle);
    }

    @Test
    void theShortFormEndsAfterAWhile() {
        reserve();
        hart.cycle = 100;
        bench.router.waitOnReservation(hart, true);
        assertTrue(hart.waiting);
        long end = 100 + HartModel.DEFAULT.wrsTimeoutCycles();
        assertEquals(end, bench.unit.timerCycle());
        hart.cycle = end;
        assertTrue(bench.unit.wakes());
    }

    @Test
    void onlyTheLongFormTrapsAndOnlyIfItStalls() {
        bench.poke(Csr.MSTATUS, Status.TW);
        bench.mode(Hart.MODE_S);
        bench.router.waitOnReservation(hart, false);
        assertEquals(null, bench.fault(), "it ends at once");
        reserve();
        bench.router.waitOnReservation(hart, false);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, bench.fault());
        bench.mode(VU);
        bench.router.waitOnReservation(hart, false);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, bench.fault(), "TW comes before VTW");
        bench.poke(Csr.MSTATUS, 0);
        bench.poke(Csr.HSTATUS, Status.H_VTW);
        for (int mode : new int[]{VS, VU}) {
            bench.mode(mode);
            bench.router.waitOnReservation(hart, false);
            assertEquals(Cause.VIRTUAL_INSTRUCTION, bench.fault());
        }
        assertFalse(hart.waiting);
        bench.router.waitOnReservation(hart, true);
        assertTrue(hart.waiting);
        bench.mode(Hart.MODE_U);
        reserve();
        bench.router.waitOnReservation(hart, false);
        assertEquals(null, bench.fault(), "U mode may, unlike WFI");
    }
}
