package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.hart.Hart;
import calvin.machine.isa.Assembler;
import calvin.sim.time.SimTime;
import org.junit.jupiter.api.Test;

/** A hart that waits for another's store with WRS (unpriv Zawrs). */
class WaitSimTest {
    private static final int FLAG = 0x1000;
    private static final int WRITER = 0x80;

    /** Hart 0 waits for a flag that hart 1 sets after counting to 2000; then it stops in a loop of its own. */
    private static Rig pair(String wait) {
        Rig rig = MachineTest.program(BoardSpec.virt(2, 4 << 20), "auipc x5, 1", "lr.d x6, (x5)", "bne x6, x0, .+12",
                wait, "jal x0, .-12", "csrrs x11, mcycle, x0", "csrrs x12, minstret, x0", "wfi", "jal x0, .-4");
        String[] writer = {"auipc x5, 1", "addi x7, x0, 2000", "addi x7, x7, -1", "bne x7, x0, .-4",
            "addi x5, x5, -" + WRITER, "sd x5, 0(x5)", "wfi", "jal x0, .-4"};
        for (int i = 0; i < writer.length; i++) {
            rig.machine.memory().u32(AddressMap.RAM + WRITER + 4L * i, Assembler.assemble(writer[i]) & 0xFFFF_FFFFL);
        }
        rig.machine.startHart(1, AddressMap.RAM + WRITER, Hart.MODE_M, 0, 0);
        return rig;
    }

    @Test
    void theWaiterSeesTheStoreAndExecutesFewInstructionsUntilThen() {
        Rig rig = pair("wrs.nto");
        rig.lane.runUntil(10 * SimTime.PS_PER_US);
        long[] x = rig.machine.hart(0).hart().x;
        assertTrue(x[11] >= 4000 && x[11] < 4500, "it left the loop at cycle " + x[11]);
        assertTrue(x[12] < 150, "instructions " + x[12]);
        Rig spinning = pair("addi x0, x0, 0");
        spinning.lane.runUntil(10 * SimTime.PS_PER_US);
        assertTrue(spinning.machine.hart(0).hart().x[12] > 3900);
        assertEquals(1, rig.machine.memory().u64(AddressMap.RAM + FLAG) == 0 ? 0 : 1);
    }

    @Test
    void whereARunIsCutDoesNotMoveIt() {
        for (String wait : new String[]{"wrs.nto", "wrs.sto"}) {
            Rig whole = pair(wait);
            Rig cut = pair(wait);
            whole.lane.runUntil(5 * SimTime.PS_PER_US);
            for (long timePs = 0; timePs <= 5 * SimTime.PS_PER_US; timePs += 1_700) {
                cut.lane.runUntil(timePs);
            }
            cut.lane.runUntil(5 * SimTime.PS_PER_US);
            assertEquals(whole.hash(), cut.hash(), wait);
        }
    }

    @Test
    void aHartAloneStallsUntilItsTimeIsOver() {
        Rig rig = MachineTest.program(BoardSpec.virt(1, 4 << 20), "auipc x5, 1", "lr.d x6, (x5)", "wrs.sto",
                "csrrs x11, mcycle, x0", "lr.d x6, (x5)", "wrs.nto", "addi x12, x0, 1");
        rig.lane.runUntil(10 * SimTime.PS_PER_US);
        long[] x = rig.machine.hart(0).hart().x;
        assertEquals(3 + 1000, x[11], 1);
        assertEquals(0, x[12]);
        assertTrue(rig.machine.stuck(), "nobody else is there");
    }
}
