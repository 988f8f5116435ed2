package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import calvin.machine.hart.HartUnit;
import calvin.machine.hart.Watches;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Looking at a hart between instructions, and holding it (ADR 8). */
class StepperTest {
    private static Rig loop() {
        return MachineTest.program(BoardSpec.virt(1, 4 << 20), "auipc x6, 0", "sd x5, 0x100(x6)", "addi x5, x5, 1",
                "jal x0, .-8");
    }

    @Test
    void lookingAtEachInstructionChangesNothing() {
        Rig plain = loop();
        Rig stepped = loop();
        List<Long> places = new ArrayList<>();
        stepped.machine.hart(0).setStepper(hart -> places.add(hart.pc & 0xFF));
        plain.lane.runUntil(SimTime.PS_PER_US);
        stepped.lane.runUntil(SimTime.PS_PER_US);
        assertEquals(plain.hash(), stepped.hash());
        assertEquals(List.of(0L, 4L, 8L, 12L, 4L), places.subList(0, 5));
        assertEquals(stepped.machine.instructions(), places.size());
    }

    @Test
    void aTriggerStopsBeforeItsInstructionAndOnlyThere() {
        Rig rig = MachineTest.program(BoardSpec.virt(1, 4 << 20), "auipc x5, 0", "addi x6, x5, 0x40",
                "csrrw x0, mtvec, x6", "addi x7, x5, 0x2c", "csrrw x0, tdata2, x7", "addi x8, x0, 6",
                "slli x8, x8, 60", "ori x8, x8, 0x44", "csrrw x0, tdata1, x8", "csrrsi x0, mstatus, 8",
                "addi x10, x10, 1", "addi x10, x10, 2", "jal x0, .+0", "addi x0, x0, 0", "addi x0, x0, 0",
                "addi x0, x0, 0", "csrrs x11, mcause, x0", "csrrs x12, mepc, x0", "csrrs x13, tdata1, x0",
                "jal x0, .+0");
        rig.lane.runUntil(SimTime.PS_PER_US);
        long[] x = rig.machine.hart(0).hart().x;
        assertEquals(1, x[10]);
        assertEquals(3, x[11], "breakpoint");
        assertEquals(AddressMap.RAM + 0x2C, x[12]);
        assertEquals(6L << 60 | 1 << 22 | 0x44, x[13], "hit before the instruction");
    }

    @Test
    void aWatchedStoreCanHoldTheHartBehindItsInstruction() {
        Rig rig = loop();
        HartUnit unit = rig.machine.hart(0);
        long watched = AddressMap.RAM + 0x100;
        unit.watches().add(new Watches.Range(false, watched, 8, Watches.WRITE));
        unit.watches().setListener((hart, range, kind, va, pa, bytes) -> {
            if (hart.x[5] == 3) {
                unit.hold();
            }
        });
        HartLoop loop = rig.machine.loop(0);
        loop.advance(rig.lane.queue(), SimTime.PS_PER_US);
        assertEquals(AddressMap.RAM + 8, unit.hart().pc);
        assertEquals(3, rig.machine.memory().u64(watched), "the store is done");
        assertEquals(3 * 3 + 2, unit.hart().instret);
        loop.advance(rig.lane.queue(), SimTime.PS_PER_US);
        assertEquals(3 * 3 + 2, unit.hart().instret, "held");
        unit.release();
        assertFalse(unit.held());
        loop.advance(rig.lane.queue(), 20 * unit.hart().periodPs);
        assertEquals(20, unit.hart().instret);
    }
}
