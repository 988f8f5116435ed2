package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.sim.time.SimTime;
import org.junit.jupiter.api.Test;

/** Interrupts of counters come at their instruction, wherever a run is cut (Sscofpmf). */
class CounterSimTest {
    /** Interrupts itself each hundred instructions from the write of the counter on, and counts that in x13. */
    private static Rig sampled(int event) {
        return MachineTest.program(BoardSpec.virt(1, 4 << 20), "auipc x5, 0", "addi x6, x5, 0x40",
                "csrrw x0, mtvec, x6", "addi x7, x0, " + event, "csrrw x0, mhpmevent3, x7", "addi x8, x0, -100",
                "csrrw x0, mhpmcounter3, x8", "lui x9, 2", "csrrs x0, mie, x9", "csrrsi x0, mstatus, 8",
                "addi x10, x10, 1", "jal x0, .-4", "addi x0, x0, 0", "addi x0, x0, 0", "addi x0, x0, 0",
                "addi x0, x0, 0", "csrrs x11, mepc, x0", "csrrs x12, mcause, x0", "csrrw x0, mhpmevent3, x7",
                "csrrc x0, mip, x9", "addi x13, x13, 1", "csrrw x0, mhpmcounter3, x8", "mret");
    }

    @Test
    void theInterruptComesBehindTheInstructionThatOverflows() {
        Rig rig = sampled(2);
        rig.lane.runUntil(120 * BoardSpec.DEFAULT_HART_PERIOD_PS);
        long[] x = rig.machine.hart(0).hart().x;
        // 100 instructions: three, then 49 times the first of the loop and 48 times the second.
        assertEquals(49, x[10]);
        assertEquals(AddressMap.RAM + 0x2C, x[11]);
        assertEquals(1L << 63 | 13, x[12]);
    }

    @Test
    void whereARunIsCutDoesNotMoveIt() {
        for (int event = 1; event <= 2; event++) {
            Rig whole = sampled(event).run(SimTime.PS_PER_MS, 20 * SimTime.PS_PER_US);
            Rig cut = sampled(event).run(1500, 20 * SimTime.PS_PER_US);
            whole.lane.runUntil(20 * SimTime.PS_PER_US);
            cut.lane.runUntil(20 * SimTime.PS_PER_US);
            assertTrue(whole.machine.hart(0).hart().x[13] > 300, "event " + event);
            assertEquals(whole.hash(), cut.hash(), "event " + event);
        }
    }
}
